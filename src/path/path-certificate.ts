import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { DerError, latin1 } from '../x509/der.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { type Name, nameKey } from '../x509/name.js';
import { type DecodedExtensions, decodeExtensions } from './decode-extensions.js';
import { type Refusal, refusal } from './path-result.js';

/** A certificate with what validation asks of it again and again, each worked out once and only when asked for. */
export class PathCertificate {
  readonly certificate: Certificate;
  /** What the checks that look at nothing else found, by the profile and options they ran under. */
  readonly findings = new Map<string, Refusal | null>();
  /** Whether the key of that encoded SubjectPublicKeyInfo made the signature, for keys tried so far. */
  readonly signedBy = new Map<string, Refusal | null>();
  #fingerprint: string | undefined;
  #issuerKey: string | undefined;
  #subjectKey: string | undefined;
  #publicKey: string | undefined;
  #extensions: DecodedExtensions | Refusal | undefined;

  constructor(certificate: Certificate) {
    this.certificate = certificate;
  }

  /** SHA-256 of the encoding, lower-case hex. */
  get fingerprint(): string {
    this.#fingerprint ??= fingerprint256(this.certificate.der);
    return this.#fingerprint;
  }

  /** The same for all names that match, RFC 5280 §7.1. */
  get issuerKey(): string {
    this.#issuerKey ??= keyOfName(this.certificate.issuer);
    return this.#issuerKey;
  }

  get subjectKey(): string {
    this.#subjectKey ??= keyOfName(this.certificate.subject);
    return this.#subjectKey;
  }

  /** The encoded SubjectPublicKeyInfo as a string, to compare and to index by. */
  get publicKey(): string {
    this.#publicKey ??= latin1(this.certificate.subjectPublicKeyInfo.der);
    return this.#publicKey;
  }

  /** RFC 5280 §3.2: issuer and subject are the same entity. */
  get selfIssued(): boolean {
    return this.issuerKey === this.subjectKey;
  }

  /** All known extensions decoded, or what is wrong with the first that cannot be. */
  get decoded(): DecodedExtensions | Refusal {
    this.#extensions ??= decodeExtensions(this.certificate.extensions);
    return this.#extensions;
  }

  /** The decoded extensions of a certificate whose own checks found nothing; empty for any other. */
  get extensions(): DecodedExtensions {
    const decoded = this.decoded;
    return 'reason' in decoded ? NONE : decoded;
  }
}

/** Reads a certificate, or tells why it cannot be read. */
export function readPathCertificate(der: Uint8Array): PathCertificate | Refusal {
  try {
    return new PathCertificate(parseCertificate(der));
  } catch (error) {
    if (error instanceof DerError) return derRefusal(error);
    throw error;
  }
}

/** The refusal that a DerError stands for. */
export function derRefusal(error: DerError): Refusal {
  const reason = error.reason === 'too-large' ? 'too-large' : 'der-invalid';
  return refusal(reason, error.message);
}

/** Names come again with every certificate of a CA, and folding them is slow: the last thousand are kept. */
function keyOfName(name: Name): string {
  const encoded = latin1(name.der);
  const known = nameKeys.get(encoded);
  if (known !== undefined) return known;
  const key = nameKey(name);
  if (nameKeys.size >= MAX_NAME_KEYS) nameKeys.clear();
  nameKeys.set(encoded, key);
  return key;
}

const nameKeys = new Map<string, string>();
const MAX_NAME_KEYS = 1000;
const NONE: DecodedExtensions = { critical: new Set() };
