import { type PathRefused, REFUSALS, type RefusalReason } from '../path/path-result.js';
import type { Revocation } from '../store/store.js';
import type { Certificate } from '../x509/certificate.js';
import { formatName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { isoSeconds } from '../x509/whole-seconds.js';
import { addressOfCaller, type Caller } from './caller.js';
import type { ClientRefusal, ClientRefusalCode, RefusedEvent } from './server-event.js';

/** No certificate was shown where one must be. */
export const NO_CERTIFICATE: ClientRefusal = {
  code: 'no-certificate',
  message: 'no client certificate was presented',
  fix: 'make one with `sslapi issue-client NAME` and present it: `curl --cert cert.pem --key privkey.pem`',
  subject: null,
  serialNumber: null,
};

/** What path validation said against a client's certificate. */
export function pathRefusal({ reason, message }: PathRefused, leaf: Certificate | null): ClientRefusal {
  return { code: reason, message, fix: fixOf(reason), ...whose(leaf) };
}

/** @param revoked the certificate of the path that is revoked */
export function revokedRefusal(
  revoked: Certificate,
  { revocationDate, reason }: Revocation,
  leaf: Certificate,
): ClientRefusal {
  const which = revoked === leaf ? 'certificate' : `CA ${formatName(revoked.subject)}`;
  return {
    code: 'cert-revoked',
    message: `${which} revoked on ${isoSeconds(revocationDate)} (${reason})`,
    fix: fixOf('cert-revoked'),
    ...whose(leaf),
  };
}

export function expiredRefusal(expired: Certificate, leaf: Certificate): ClientRefusal {
  return {
    code: 'cert-expired',
    message: `certificate expired on ${isoSeconds(expired.validity.notAfter)} while the connection was open`,
    fix: fixOf('cert-expired'),
    ...whose(leaf),
  };
}

/** A refusal that only a server meets. */
export function serverRefusal(
  code: Exclude<ClientRefusalCode, RefusalReason>,
  message: string,
  fix: string,
  leaf: Certificate | null = null,
): ClientRefusal {
  return { code, message, fix, ...whose(leaf) };
}

/** The same, of the client on whose connection it was found; who is told already stays. */
export function refusalOf(refusal: ClientRefusal, leaf: Certificate | undefined): ClientRefusal {
  return refusal.subject !== null || leaf === undefined ? refusal : { ...refusal, ...whose(leaf) };
}

export function answerNotRead(): ClientRefusal {
  return serverRefusal(
    'answer-not-read',
    'the client does not read what it asked for',
    'let it read its answers',
  );
}

/** That somebody was refused, just now. */
export function refusedEvent(
  caller: Caller,
  refusal: ClientRefusal,
  during: RefusedEvent['during'],
): RefusedEvent {
  return { kind: 'refused', at: new Date(), client: addressOfCaller(caller), during, ...refusal };
}

/** Nobody is let in on a guess. */
export function storeRefusal(error: unknown, leaf: Certificate | null = null): ClientRefusal {
  const why = error instanceof Error ? error.message : String(error);
  return serverRefusal(
    'store-unavailable',
    `cannot tell whether the certificate is revoked: ${why}`,
    'see whether the pki folder is there and can be read',
    leaf,
  );
}

function whose(leaf: Certificate | null): Pick<ClientRefusal, 'subject' | 'serialNumber'> {
  if (leaf === null) return { subject: null, serialNumber: null };
  return { subject: formatName(leaf.subject), serialNumber: serialNumberHex(leaf.serialNumber) };
}

function fixOf(reason: RefusalReason): string {
  return FIXES[reason] ?? REFUSALS[reason].remedy;
}

const ISSUE_HERE = 'have one issued by this CA: `sslapi issue-client NAME`';
/** Where the remedy of path validation speaks of flags of `verify`. */
const FIXES: Partial<Record<RefusalReason, string>> = {
  'issuer-not-found': `${ISSUE_HERE}; a client with a longer chain presents its intermediates too`,
  'root-not-trusted': ISSUE_HERE,
  'signature-invalid': `${ISSUE_HERE}; this one bears the name of this CA, not its signature`,
  'cert-revoked': 'have a new one issued: `sslapi issue-client NAME`',
  'cert-expired': 'have a new one issued: `sslapi issue-client NAME`',
  'eku-missing': 'present a client certificate (extended key usage clientAuth): `sslapi issue-client NAME`',
};
