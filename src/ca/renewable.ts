import { SslapiError } from '../errors.js';
import type { CertificateRecord } from '../store/store.js';
import type { AuthorityContext } from './authority-context.js';
import { certificateStatus } from './certificate-view.js';
import { completed } from './cut-short.js';
import { PROFILES } from './profiles.js';

/** Of the certificates that a reference means, the one that a renewal takes after: the newest that is live, else the
 *  newest, where nobody revoked it.
 *  @throws SslapiError ERR_USAGE for a CA, ERR_NOT_RENEWABLE for what was revoked or never delivered */
export function renewableOf(found: readonly CertificateRecord[], now: Date): CertificateRecord {
  const delivered = found.filter((one) => one.delivered && one.certificate !== null);
  const live = delivered.filter((one) => certificateStatus(one, now) === 'valid');
  const base = live.at(-1) ?? delivered.at(-1);
  const name = found[0]?.name ?? '';
  if (base === undefined)
    throw new SslapiError('ERR_NOT_RENEWABLE', `"${name}" has no certificate that was ever delivered`);
  if (PROFILES[base.profile].ca)
    throw new SslapiError('ERR_USAGE', `"${name}" is a CA, which is not renewed`, {
      hint: 'Make a new CA in another folder while this one is good, and let servers trust both: `sslapi init-ca --pki DIR`.',
    });
  if (base.profile === 'probe')
    throw new SslapiError('ERR_NOT_RENEWABLE', `"${name}" was made for a probe and is not renewed`);
  if (base.revocation?.reason === 'certificateHold')
    throw new SslapiError('ERR_NOT_RENEWABLE', `"${name}" (serial ${base.serialNumber}) is on hold`, {
      hint: `Take it off hold first: \`sslapi unrevoke ${base.serialNumber}\`.`,
    });
  if (base.revocation !== null)
    throw new SslapiError(
      'ERR_NOT_RENEWABLE',
      `"${name}" (serial ${base.serialNumber}) was revoked: ${base.revocation.reason}`,
    );
  return base;
}

/** Every certificate whose time to be renewed has come, those that end first first: the newest of each NAME that is
 *  neither revoked nor given up, and that a renewal would make last longer. */
export async function dueForRenewal(
  context: Pick<AuthorityContext, 'store' | 'folder' | 'issuing' | 'root' | 'now'>,
  withinSeconds?: number,
): Promise<CertificateRecord[]> {
  const { store, issuing } = context;
  const moment = context.now();
  const records = completed(context, await store.read((read) => read.certificates({})));
  return newestOfNames(records, moment)
    .filter(
      (one) =>
        !isGivenUp(one, moment) &&
        isDueForRenewal(one, moment, withinSeconds) &&
        one.notAfter < issuing.parsed.validity.notAfter,
    )
    .sort((a, b) => a.notAfter.getTime() - b.notAfter.getTime());
}

/** Whether a third of its lifetime is left, or no more than `withinSeconds` where it lives longer than that. */
export function isDueForRenewal(
  { notBefore, notAfter }: Pick<CertificateRecord, 'notBefore' | 'notAfter'>,
  now: Date,
  withinSeconds?: number,
): boolean {
  const lifetime = notAfter.getTime() - notBefore.getTime();
  const within = (withinSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  return notAfter.getTime() - now.getTime() <= (within < lifetime ? within : lifetime / 3);
}

/** Whether it ended longer ago than it ever lived: whoever had it does without. */
export function isGivenUp(
  { notBefore, notAfter }: Pick<CertificateRecord, 'notBefore' | 'notAfter'>,
  now: Date,
): boolean {
  return now.getTime() - notAfter.getTime() > notAfter.getTime() - notBefore.getTime();
}

/** The certificate of each NAME that people have: the newest that is live, else the newest, where nobody revoked one
 *  that came after it. */
export function newestOfNames(records: readonly CertificateRecord[], now: Date): CertificateRecord[] {
  const byName = new Map<string, CertificateRecord[]>();
  for (const record of records) {
    const { name, profile, certificate, delivered } = record;
    if (PROFILES[profile].ca || profile === 'probe' || certificate === null || !delivered) continue;
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [record]);
    else known.push(record);
  }
  return [...byName.values()].flatMap((ofName) => newestOf(ofName, now) ?? []);
}

function newestOf(ofName: readonly CertificateRecord[], now: Date): CertificateRecord | undefined {
  const open = ofName.filter(({ revocation }) => revocation === null);
  const live = open.filter((one) => certificateStatus(one, now) === 'valid').at(-1);
  const last = open.at(-1);
  if (live !== undefined || last === undefined) return live;
  return ofName.some((one) => one.revocation !== null && one.notBefore > last.notBefore) ? undefined : last;
}
