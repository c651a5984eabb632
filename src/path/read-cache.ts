import { SslapiError } from '../errors.js';
import { decodePem } from '../x509/pem.js';
import { type PathCertificate, readPathCertificate } from './path-certificate.js';
import { type PathCrl, readPathCrl } from './path-crl.js';
import { type Refusal, refusal } from './path-result.js';

/** What was read from PEM before, kept as long as it comes again: chains share their CAs and CRLs. It is bounded, so
 *  that a batch of any length takes the same memory. */
export class ReadCache {
  readonly #certificates = new Map<string, PathCertificate | Refusal>();
  readonly #crls = new Map<string, PathCrl | Refusal>();

  /** The certificate of a PEM text that holds one. */
  certificate(pem: string): PathCertificate | Refusal {
    return recall(this.#certificates, pem, MAX_CERTIFICATES, readPemCertificate);
  }

  crl(pem: string): PathCrl | Refusal {
    return recall(this.#crls, pem, MAX_CRLS, readPemCrl);
  }
}

/** Reads a certificate from a PEM text of one block. */
export function readPemCertificate(pem: string): PathCertificate | Refusal {
  const der = decodeOne(pem, 'CERTIFICATE');
  return der instanceof Uint8Array ? readPathCertificate(der) : der;
}

function readPemCrl(pem: string): PathCrl | Refusal {
  const der = decodeOne(pem, 'X509 CRL');
  return der instanceof Uint8Array ? readPathCrl(der) : der;
}

function decodeOne(pem: string, label: string): Uint8Array | Refusal {
  try {
    const blocks = decodePem(pem);
    if (blocks.length === 1 && blocks[0]!.label === label) return blocks[0]!.der;
    return refusal('malformed-input', `one PEM block of ${label} is wanted, here are ${blocks.length}`);
  } catch (error) {
    if (error instanceof SslapiError) return refusal('malformed-input', error.message);
    throw error;
  }
}

function recall<T>(known: Map<string, T>, key: string, limit: number, read: (key: string) => T): T {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = read(key);
  if (known.size >= limit) known.clear();
  known.set(key, value);
  return value;
}

const MAX_CERTIFICATES = 4_096;
const MAX_CRLS = 64;
