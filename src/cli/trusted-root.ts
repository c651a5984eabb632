import { resolve } from 'node:path';
import { SslapiError } from '../errors.js';
import type { TrustedRoot } from '../host/trust-stores/trust-store.js';
import { isEncrypted, privateKeyOfPem } from '../keys/private-key.js';
import { type Certificate, isSelfIssued, parseCertificate } from '../x509/certificate.js';
import { basicConstraintsOf } from '../x509/extensions/basic-constraints.js';
import { nameConstraintsOf } from '../x509/extensions/name-constraints.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { formatName } from '../x509/name.js';
import { decodePem, encodePem, looksLikePem } from '../x509/pem.js';
import { readInput, readInputIfThere } from './read-input.js';

/** The root that shall be trusted, and what to know before one trusts it. */
export interface RootToTrust extends TrustedRoot {
  /** Absolute. */
  readonly file: string;
  /** RFC 4514. */
  readonly subject: string;
  readonly certificate: Certificate;
  /** Where the key of this root lies in clear, or null: it is encrypted, elsewhere, or not ours to read. */
  readonly keyInClear: string | null;
}

/** Reads the root of that file, else of the pki folder; the CA is not opened, so that root opens no store of another user.
 *  @throws SslapiError ERR_CA_NOT_FOUND, ERR_INPUT_UNREADABLE, ERR_INPUT_NOT_RECOGNISED */
export function rootToTrust(given: string | undefined, pki: string): RootToTrust {
  const file = resolve(given ?? `${pki}/ca.crt`);
  if (given === undefined && readInputIfThere(file) === undefined)
    throw new SslapiError('ERR_CA_NOT_FOUND', `there is no ${file}`, {
      hint: 'Point --pki at the folder of a CA, or name the file of a root: `sslapi trust status ca.crt`.',
    });
  const ders = certificatesOf(readInput(file));
  const [der] = ders;
  if (der === undefined) throw unfit(file, 'holds no certificate');
  if (ders.length > 1) throw unfit(file, `holds ${ders.length} certificates`);
  const certificate = parseCertificate(der);
  if (!isSelfIssued(certificate) || basicConstraintsOf(certificate)?.ca !== true)
    throw unfit(file, `holds the certificate of ${formatName(certificate.subject)}, which is no root`);
  return {
    file,
    certificate,
    subject: formatName(certificate.subject),
    pem: encodePem('CERTIFICATE', der),
    fingerprint256: fingerprint256(der),
    keyInClear: given === undefined ? keyInClear(pki) : null,
  };
}

/** What trusting this root means, a sentence each. */
export function warningsOf({ certificate, keyInClear: key }: RootToTrust): string[] {
  const permitted = nameConstraintsOf(certificate)?.permittedSubtrees.length ?? 0;
  const warnings: string[] = [];
  if (certificate.validity.notAfter < new Date())
    warnings.push('this root has expired: nobody will accept it');
  if (permitted === 0)
    warnings.push(
      'this root may vouch for any site, and so may whoever gets its private key; `sslapi init-ca --permit-dns .internal` makes one that is good for your own names only',
    );
  if (key !== null)
    warnings.push(`that private key lies in clear in ${key}; \`sslapi rekey-password\` encrypts it`);
  return warnings;
}

function certificatesOf(octets: Uint8Array): Uint8Array[] {
  const text = Buffer.from(octets).toString('latin1');
  if (!looksLikePem(text)) return [octets];
  return decodePem(text)
    .filter(({ label }) => label === 'CERTIFICATE')
    .map(({ der }) => der);
}

function keyInClear(pki: string): string | null {
  for (const file of ['root.key', 'issuing.key'].map((name) => resolve(pki, 'private', name))) {
    const found = readIfAllowed(file);
    if (found === undefined) continue;
    const [block] = looksLikePem(found) ? decodePem(found) : [];
    const key = block === undefined ? null : privateKeyOfPem(block);
    return key === null || isEncrypted(key) ? null : file;
  }
  return null;
}

function readIfAllowed(file: string): string | undefined {
  try {
    const octets = readInputIfThere(file);
    return octets === undefined ? undefined : Buffer.from(octets).toString('latin1');
  } catch {
    return undefined; // of another user: then we cannot tell
  }
}

function unfit(file: string, what: string): SslapiError {
  return new SslapiError('ERR_INPUT_NOT_RECOGNISED', `${file} ${what}`, {
    hint: 'A trust store wants one root: the ca.crt of a pki folder, not a chain and not a leaf.',
  });
}
