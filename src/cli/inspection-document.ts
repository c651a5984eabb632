import type { CertificateView } from '../ca/certificate-view.js';
import { SslapiError } from '../errors.js';
import type { Inspected, Inspection } from '../lint/inspect.js';
import { SEVERITIES, type Severity } from '../lint/lint.js';

/** What `inspect --json` prints: one thing by itself, several as a list. */
export function inspectionDocument({ encoding, items, passedOver, remarks }: Inspection): object {
  const [only, ...others] = items;
  if (only === undefined) throw new SslapiError('ERR_INPUT_NOT_RECOGNISED', 'there is nothing in it');
  const said = remarks.length === 0 ? {} : { remarks };
  if (others.length === 0) return { encoding, ...only, ...said };
  return { kind: 'bundle', encoding, items, passedOver, ...said };
}

/** With what the CA knows beside: the NAME of a certificate, and whether it was revoked. */
export function knownAs(inspection: Inspection, view: CertificateView | undefined): Inspection {
  const [only] = inspection.items;
  if (view === undefined || only?.kind !== 'certificate') return inspection;
  const { name, profile, revocationDate, revocationReason = 'unspecified' } = view;
  const revoked = revocationDate && { status: 'revoked' as const, revocationDate, revocationReason };
  const known: Inspected & { name: string; profile: string } = { ...only, ...revoked, name, profile };
  return { ...inspection, items: [known] };
}

/** Whether something in it breaks DER's rules, or a finding weighs so much: the answer is no. What does not fit together
 *  weighs medium. */
export function isFaulty({ items, remarks }: Inspection, failOn: Severity | undefined): boolean {
  const heavy = failOn === undefined ? [] : SEVERITIES.slice(SEVERITIES.indexOf(failOn));
  if (heavy.includes('medium') && remarks.some(({ ok }) => !ok)) return true;
  return items.some(
    (item) =>
      item.kind === 'malformed' ||
      ('findings' in item && item.findings.some(({ severity }) => heavy.includes(severity))),
  );
}
