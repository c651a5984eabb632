import type { CertificateView } from '../ca/certificate-view.js';

/** A certificate in the few lines that people want after it was issued. */
export function certificateText(view: CertificateView): string {
  const names = view.subjectAltName.length > 0 ? view.subjectAltName.join(', ') : 'none';
  const lines: Array<[string, string | undefined]> = [
    ['subject', view.subject],
    ['names', names],
    ['serial', view.serialNumber],
    ['valid', `${view.notBefore} to ${view.notAfter}`],
    ['key', view.keyType],
    ['sha-256', view.fingerprint256],
    ['cert', view.files?.cert],
    ['chain', view.files?.chain],
    ['fullchain', view.files?.fullchain],
    ['key file', view.files?.privkey],
    ['pkcs#12', view.files?.p12],
  ];
  return lines
    .filter(([, value]) => value !== undefined)
    .map(([label, value]) => `${`${label}:`.padEnd(11)}${value}\n`)
    .join('');
}
