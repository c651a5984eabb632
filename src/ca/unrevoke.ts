import { SslapiError } from '../errors.js';
import type { CertificateRecord, StoreTransaction } from '../store/store.js';
import { type AuthorityContext, appendEvent, hasKey, signerOf } from './authority-context.js';
import { type CertificateView, certificateStatus, certificateView } from './certificate-view.js';
import { type CrlOutcome, generateCrls } from './generate-crl.js';

export interface UnrevokeOutcome {
  readonly certificate: CertificateView;
  readonly crls: CrlOutcome;
}

/** Takes a certificate off hold and publishes the CRL without it: of all reasons only certificateHold can be taken
 *  back, RFC 5280 §5.3.1.
 *  @param found what a reference means; one of them is on hold
 *  @throws SslapiError ERR_NOT_ON_HOLD, ERR_CERTIFICATE_AMBIGUOUS, ERR_NAME_TAKEN, ERR_ROOT_KEY_OFFLINE: then nothing is changed */
export async function unrevokeCertificate(
  context: AuthorityContext,
  found: readonly CertificateRecord[],
): Promise<UnrevokeOutcome> {
  const record = heldAmong(found);
  const issuer = context.authorities.find(({ id }) => id === record.authorityId)!;
  if (hasKey(context, issuer) || issuer.role === 'root') await signerOf(context, issuer);
  const lock = await context.folder.lockForName(record.name);
  try {
    await context.store.transaction((transaction) => takeOffHold(context, transaction, record));
  } finally {
    lock.release();
  }
  const crls = await generateCrls(context, { of: [issuer] });
  return { certificate: certificateView({ ...record, revocation: null }, context.now()), crls };
}

async function takeOffHold(
  context: AuthorityContext,
  transaction: StoreTransaction,
  record: CertificateRecord,
): Promise<void> {
  const now = context.now();
  const rival = (await transaction.certificates({ name: record.name })).find(
    (one) => one.line !== record.line && certificateStatus(one, now) === 'valid',
  );
  if (rival !== undefined)
    throw new SslapiError(
      'ERR_NAME_TAKEN',
      `"${record.name}" was given to another meanwhile (serial ${rival.serialNumber})`,
      { hint: `Revoke that one first: \`sslapi revoke ${rival.serialNumber}\`.` },
    );
  if (!(await transaction.unrevoke(record.serialNumber))) throw notOnHold(record);
  await appendEvent(context, transaction, 'unrevoked', record.serialNumber, { name: record.name });
}

function heldAmong(found: readonly CertificateRecord[]): CertificateRecord {
  const held = found.filter(({ revocation }) => revocation?.reason === 'certificateHold');
  const [first, second] = held;
  if (first === undefined) throw notOnHold(found.at(-1)!);
  if (second === undefined) return first;
  throw new SslapiError(
    'ERR_CERTIFICATE_AMBIGUOUS',
    `"${first.name}" has ${held.length} certificates on hold: ${held.map(({ serialNumber }) => serialNumber).join(', ')}`,
    { hint: 'Name one by its serial number.' },
  );
}

function notOnHold({ name, serialNumber, revocation }: CertificateRecord): SslapiError {
  const what = revocation === null ? 'is not revoked' : `was revoked for good: ${revocation.reason}`;
  return new SslapiError('ERR_NOT_ON_HOLD', `${name} (serial ${serialNumber}) ${what}`, {
    ...(revocation === null && { hint: 'Nothing was changed; `sslapi list` shows what is revoked.' }),
  });
}
