import { generateKey } from '../keys/generate-key.js';
import { parseCertificate } from '../x509/certificate.js';
import {
  bitString,
  DerReader,
  explicit,
  integer,
  octetString,
  oid,
  readInteger,
  sequence,
  TAG,
} from '../x509/der.js';
import { OID } from '../x509/oid.js';
import { encodePem } from '../x509/pem.js';
import { namedCurveOf, type SubjectPublicKeyInfo } from '../x509/subject-public-key-info.js';
import type { Credential, CredentialContext, MintedCredential } from './credential.js';

/** The good certificate, which is no secret, shown by somebody who does not have its key. */
export const wrongKey: Credential = {
  id: 'wrong-key',
  title: 'Refuses a client that does not hold the key of its certificate',
  breaks: 'another key signed the CertificateVerify',
  citation: 'RFC 8446 §4.4.3; CWE-295',
  expected: 'refuse',
  severity: 'critical',
  needs: 'good',
  make: withAnotherKey,
};

/** OpenSSL does not send a certificate with a key that is not its own: it is given one that says it is, or where there is no
 *  way to say so, our own engine sends it. */
async function withAnotherKey({ good, keyType }: CredentialContext): Promise<MintedCredential> {
  const { subjectPublicKeyInfo } = parseCertificate(good!.chain[0]!);
  const { algorithm } = subjectPublicKeyInfo.algorithm;
  if (algorithm === OID.ecPublicKey)
    return { ...good!, privateKey: await pretendingEc(subjectPublicKeyInfo) };
  if (algorithm === OID.rsaEncryption)
    return { ...good!, privateKey: await pretendingRsa(subjectPublicKeyInfo) };
  const { pkcs8 } = await generateKey(keyType);
  return { ...good!, privateKey: encodePem('PRIVATE KEY', pkcs8), ownEngine: true };
}

/** ECPrivateKey, RFC 5915 §3, with the public point of the good key and the secret of another. */
async function pretendingEc(good: SubjectPublicKeyInfo): Promise<string> {
  const curve = namedCurveOf(good) ?? OID.prime256v1;
  const { pkcs8 } = await generateKey(curve === OID.secp384r1 ? 'ec-p384' : 'ec-p256');
  const secret = insideOfPkcs8(pkcs8);
  secret.element(TAG.integer);
  const der = sequence(
    integer(1),
    octetString(secret.contents(TAG.octetString)),
    explicit(0, oid(curve)),
    explicit(1, bitString(good.publicKey)),
  );
  return encodePem('EC PRIVATE KEY', der);
}

/** RSAPrivateKey, RFC 8017 §A.1.2, with the modulus of the good key and the exponents of another. */
async function pretendingRsa(good: SubjectPublicKeyInfo): Promise<string> {
  const { pkcs8 } = await generateKey('rsa-2048');
  const others = insideOfPkcs8(pkcs8);
  for (let skipped = 0; skipped < 3; skipped += 1) others.element(TAG.integer); // version, modulus, publicExponent
  const secrets: bigint[] = [];
  while (!others.done) secrets.push(readInteger(others));
  const known = new DerReader(good.publicKey).enter(TAG.sequence);
  const der = sequence(
    integer(0),
    known.element(TAG.integer),
    known.element(TAG.integer),
    ...secrets.map((secret) => integer(secret)),
  );
  return encodePem('RSA PRIVATE KEY', der);
}

/** The key itself inside of a PrivateKeyInfo. */
function insideOfPkcs8(pkcs8: Uint8Array): DerReader {
  const info = new DerReader(pkcs8).enter(TAG.sequence);
  info.element(TAG.integer);
  info.element(TAG.sequence);
  return new DerReader(info.contents(TAG.octetString)).enter(TAG.sequence);
}
