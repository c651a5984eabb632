import { type PathFound, type PathRefused, type PathResult, REFUSALS } from '../path/path-result.js';
import type { VerifyRequest } from '../path/verify-certificate.js';
import type { Paint } from '../ui/colour.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { formatName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { isoSeconds } from '../x509/whole-seconds.js';

/** The verdict of `verify` as people read it. */
export function verdictText(result: PathResult, request: VerifyRequest, paint: Paint): string {
  const lines = result.ok ? acceptedLines(result, request, paint) : refusedLines(result, request, paint);
  return `${lines.join('\n')}\n`;
}

/** The same as JSON: what a line of `verify --batch` answers, and what to do. */
export function verdictDocument(result: PathResult): object {
  if (result.ok) return { ok: true, path: result.fingerprints, notes: result.notes };
  const { reason, message, certificate, depth } = result;
  const { remedy, clause } = REFUSALS[reason];
  return { ok: false, reason, message, certificate, depth, remedy, clause };
}

function acceptedLines({ path, notes }: PathFound, request: VerifyRequest, paint: Paint): string[] {
  const names = path.map(({ subject }) => nameOf(subject));
  const width = Math.max(...names.map((name) => name.length));
  const steps = path.map((certificate, depth) => {
    const until = certificate.validity.notAfter.toISOString().slice(0, 10);
    const anchor = depth === path.length - 1 ? '  trusted' : '';
    return `  ${depth}  ${names[depth]!.padEnd(width)}  until ${until}${anchor}`;
  });
  return [
    `${paint('good', 'accepted')}: ${names[0]!}`,
    ...steps,
    `judged: ${termsOf(request)}`,
    ...notes.map(({ code, message }) => `${paint('warning', 'note')}: ${message} (${code})`),
  ];
}

function refusedLines(result: PathRefused, request: VerifyRequest, paint: Paint): string[] {
  const { title, remedy, clause } = REFUSALS[result.reason];
  const which = culprit(result, request);
  return [
    `${paint('bad', 'refused')}: ${title} (${result.reason})`,
    `why: ${result.message}`,
    ...(which === null ? [] : [`certificate: ${describe(which)}`]),
    `to do: ${remedy}`,
    `clause: ${clause}`,
  ];
}

/** The certificate at fault among all that were handed in, where it can be read. */
function culprit(
  { certificate }: PathRefused,
  { leaf, untrusted = [], trusted }: VerifyRequest,
): Certificate | null {
  const wanted = certificate ?? fingerprint256(leaf);
  const der = [leaf, ...untrusted, ...trusted].find((one) => fingerprint256(one) === wanted);
  try {
    return der === undefined ? null : parseCertificate(der);
  } catch {
    return null;
  }
}

function describe({ der, subject, issuer, serialNumber }: Certificate): string {
  return [
    nameOf(subject),
    `issued by ${nameOf(issuer)}`,
    `serial ${serialNumberHex(serialNumber)}`,
    `SHA-256 ${fingerprint256(der)}`,
  ].join('\n             ');
}

/** What the verdict holds for: the time, the purpose, the names, and whether revocation was looked up. */
function termsOf({ at, purpose = 'any', names = [], crls = [], ocsp = [], profile }: VerifyRequest): string {
  const revocation = [
    ...(ocsp.length > 0 ? [`${ocsp.length} OCSP ${ocsp.length === 1 ? 'response' : 'responses'}`] : []),
    ...(crls.length > 0 ? [`${crls.length} ${crls.length === 1 ? 'CRL' : 'CRLs'}`] : []),
  ];
  return [
    `at ${isoSeconds(at)}`,
    purpose === 'any' ? 'for any purpose' : `as a TLS ${purpose}`,
    ...names.map(({ value }) => `for ${value}`),
    revocation.length === 0 ? 'revocation not checked' : `revocation by ${revocation.join(' and ')}`,
    ...(profile === 'webpki' ? ["the CA/Browser Forum's baseline too"] : []),
  ].join(', ');
}

function nameOf(name: Certificate['subject']): string {
  return formatName(name) || '(no name)';
}
