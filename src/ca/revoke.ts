import { SslapiError } from '../errors.js';
import type { CertificateRecord } from '../store/store.js';
import type { CrlReason } from '../x509/extensions/reason-code.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import { type Authority, type AuthorityContext, appendEvent, hasKey, signerOf } from './authority-context.js';
import { type CertificateView, certificateView } from './certificate-view.js';
import { type CrlOutcome, generateCrls } from './generate-crl.js';

export interface RevokeWish {
  readonly reason?: CrlReason;
  readonly invalidityDate?: Date;
  /** Leaves the CRL as it is, until the next `gen-crl`. */
  readonly noCrl?: boolean;
  /** Revokes what the root has signed even while its key is away; the root's CRL says so once it is there. */
  readonly rootKeyMayBeAway?: boolean;
}

export interface RevokeOutcome {
  readonly revoked: readonly CertificateView[];
  /** null where no CRL was made. */
  readonly crls: CrlOutcome | null;
}

/** Revokes certificates, durably, then publishes the CRLs of the CAs that issued them.
 *  @throws SslapiError ERR_ALREADY_REVOKED, ERR_ROOT_KEY_OFFLINE, ERR_PASSWORD_WRONG: then nothing is revoked */
export async function revokeCertificates(
  context: AuthorityContext,
  records: readonly CertificateRecord[],
  wish: RevokeWish,
): Promise<RevokeOutcome> {
  const issuers = issuersOf(context, records);
  if (wish.noCrl !== true) {
    for (const issuer of issuers)
      if (hasKey(context, issuer) || (issuer.role === 'root' && !wish.rootKeyMayBeAway))
        await signerOf(context, issuer);
  }
  const now = context.now();
  const revocation = {
    revocationDate: wholeSeconds(now),
    reason: wish.reason ?? 'unspecified',
    invalidityDate: wish.invalidityDate ?? null,
  } as const;
  const revoked = await context.store.transaction(async (transaction) => {
    const done: CertificateRecord[] = [];
    for (const record of records) {
      if (!(await transaction.revoke(record.serialNumber, revocation))) continue;
      await appendEvent(context, transaction, 'revoked', record.serialNumber, {
        name: record.name,
        reason: revocation.reason,
      });
      done.push({ ...record, revocation });
    }
    return done;
  });
  if (revoked.length === 0) throw alreadyRevoked(records);
  const crls = wish.noCrl === true ? null : await generateCrls(context, { of: issuers });
  return { revoked: revoked.map((record) => certificateView(record, now)), crls };
}

function issuersOf({ authorities }: AuthorityContext, records: readonly CertificateRecord[]): Authority[] {
  return authorities.filter(({ id }) => records.some(({ authorityId }) => authorityId === id));
}

function alreadyRevoked(records: readonly CertificateRecord[]): SslapiError {
  const [first] = records;
  return new SslapiError(
    'ERR_ALREADY_REVOKED',
    `${first?.name ?? 'it'} (serial ${first?.serialNumber ?? ''}) is revoked already`,
  );
}
