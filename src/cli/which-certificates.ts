import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { certificateStatus } from '../ca/certificate-view.js';
import { SslapiError } from '../errors.js';
import type { CertificateRecord } from '../store/store.js';
import { askConfirm } from '../ui/prompt.js';
import { canAsk } from '../ui/terminal.js';
import type { CommandRun } from './command-context.js';

/** Of the certificates that a reference means, those to revoke: the live ones, after a question where they are several.
 *  @throws SslapiError ERR_ALREADY_REVOKED, ERR_CERTIFICATE_AMBIGUOUS, ERR_ISSUE_DECLINED */
export async function whichToRevoke(
  found: readonly CertificateRecord[],
  { latest, yes }: { readonly latest?: boolean; readonly yes?: boolean },
  { terminal }: Pick<CommandRun, 'terminal'>,
): Promise<readonly CertificateRecord[]> {
  if (found[0]?.profile === 'root')
    throw new SslapiError('ERR_USAGE', `"${found[0].name}" is the root: no CRL can take its trust away`, {
      hint: 'Take ca.crt out of every trust store; `sslapi init-ca --pki DIR` makes a new CA.',
    });
  const open = found.filter(({ revocation }) => revocation === null);
  const now = new Date();
  const live = open.filter((record) => certificateStatus(record, now) === 'valid');
  const candidates = live.length > 0 ? live : open.slice(-1); // an expired one can be revoked too
  const [first] = candidates;
  if (first === undefined)
    throw new SslapiError(
      'ERR_ALREADY_REVOKED',
      `${found[0]?.name ?? 'it'} (serial ${found[0]?.serialNumber ?? ''}) is revoked already`,
    );
  if (candidates.length === 1 || latest === true) return candidates.slice(-1);
  if (yes === true) return candidates;
  const serials = candidates.map(({ serialNumber }) => serialNumber).join(', ');
  if (!canAsk(terminal))
    throw new SslapiError(
      'ERR_CERTIFICATE_AMBIGUOUS',
      `"${first.name}" has ${candidates.length} live certificates: ${serials}`,
    );
  const all = await askConfirm(terminal, {
    message: `${first.name} has ${candidates.length} live certificates (${serials}). Revoke all?`,
    flag: '--yes',
  });
  if (!all)
    throw new SslapiError('ERR_ISSUE_DECLINED', 'nothing was revoked', {
      hint: 'Name one by its serial number, or give --latest.',
    });
  return candidates;
}

/** What is left of the kits of proofs. @throws SslapiError ERR_KIT_UNKNOWN where nothing is, ERR_USAGE */
export async function whichOfKits(
  ca: Pick<CertificateAuthority, 'liveKitCertificates'>,
  reference: string | undefined,
): Promise<readonly CertificateRecord[]> {
  if (reference !== undefined)
    throw new SslapiError('ERR_USAGE', `--kit stands for all kits, and "${reference}" for a certificate`, {
      hint: 'Give one of them.',
    });
  const live = await ca.liveKitCertificates();
  if (live.length > 0) return live;
  throw new SslapiError('ERR_KIT_UNKNOWN', 'no kit is left that could be revoked');
}
