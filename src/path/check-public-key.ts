import { isPublicKey } from '../keys/public-key.js';
import { keyWeakness } from '../policy/key-strength.js';
import { DerError, DerReader, readIntegerOctets, TAG } from '../x509/der.js';
import { OID } from '../x509/oid.js';
import { describeKey, namedCurveOf, type SubjectPublicKeyInfo } from '../x509/subject-public-key-info.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** The public key: parameters as its RFC wants them, a real key, and strong enough by our default policy. */
export function checkPublicKey({ certificate }: PathCertificate): Refusal | null {
  const info = certificate.subjectPublicKeyInfo;
  const fault = encodingFault(info);
  if (fault !== null) return refusal('public-key-invalid', fault);
  const weakness = keyWeakness(describeKey(info));
  if (weakness !== null) return refusal('weak-key', weakness.message);
  if (!isPublicKey(info)) {
    return refusal('public-key-invalid', `the ${describeKey(info)} key is no key of its kind`);
  }
  return null;
}

function encodingFault(info: SubjectPublicKeyInfo): string | null {
  const { algorithm, parameters } = info.algorithm;
  switch (algorithm) {
    case OID.rsaEncryption: // RFC 3279 §2.3.1
      return parameters?.length === 2 && parameters[0] === TAG.null
        ? rsaFault(info)
        : 'rsaEncryption without NULL';
    case OID.rsassaPss:
      return rsaFault(info);
    case OID.ecPublicKey: // RFC 5480 §2.1.1: implicitCurve and specifiedCurve MUST NOT be used
      return namedCurveOf(info) === null ? 'an EC key whose curve is not named' : null;
    default: // RFC 8410 §3, RFC 9881 §2
      return WITHOUT_PARAMETERS.has(algorithm) && parameters !== null
        ? 'parameters where there are none'
        : null;
  }
}

/** RFC 8017 §3.1: n is a product of odd primes, e odd and from 3 on. */
function rsaFault({ publicKey }: SubjectPublicKeyInfo): string | null {
  try {
    const reader = new DerReader(publicKey).enter(TAG.sequence);
    const modulus = readIntegerOctets(reader);
    const exponent = readIntegerOctets(reader);
    reader.finish();
    if (modulus[0]! >= 0x80 || exponent[0]! >= 0x80) return 'an RSA key with a negative number';
    if ((modulus[modulus.length - 1]! & 1) === 0) return 'an RSA modulus that is even';
    const odd = (exponent[exponent.length - 1]! & 1) === 1;
    return odd && !(exponent.length === 1 && exponent[0]! < 3) ? null : 'an RSA exponent that is even or 1';
  } catch (error) {
    if (error instanceof DerError) return error.message;
    throw error;
  }
}

const WITHOUT_PARAMETERS: ReadonlySet<string> = new Set([
  OID.ed25519,
  OID.ed448,
  OID.x25519,
  OID.x448,
  OID.mlDsa44,
  OID.mlDsa65,
  OID.mlDsa87,
]);
