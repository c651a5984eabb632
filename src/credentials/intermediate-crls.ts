import { signerOfPkcs8 } from '../keys/signer.js';
import { parseCertificate } from '../x509/certificate.js';
import { encodeTbsCertList } from '../x509/certificate-list.js';
import { sameBytes } from '../x509/der.js';
import { authorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { crlNumber } from '../x509/extensions/crl-number.js';
import { keyIdentifierOf } from '../x509/fingerprint.js';
import { encodeSigned } from '../x509/signed.js';
import type { MintedCredential, MintingAuthority } from './credential.js';
import { madeIntermediateKey } from './intermediate.js';
import { tenMinutes } from './mint.js';

/** A CRL without an entry of each intermediate that was made for these credentials, in DER: with them a server that checks CRLs
 *  has what it needs to judge by the fault alone. */
export async function crlsOfIntermediates(
  authority: MintingAuthority,
  credentials: readonly Pick<MintedCredential, 'chain'>[],
  now: Date,
): Promise<Uint8Array[]> {
  const key = await madeIntermediateKey(authority);
  if (key === null) return [];
  const { signatureAlgorithm, sign } = signerOfPkcs8(key.pkcs8, key.subjectPublicKeyInfo);
  const { notBefore: thisUpdate, notAfter: nextUpdate } = tenMinutes(now);
  const above = credentials.flatMap(({ chain }) => chain.slice(1));
  const crls = new Map<string, Uint8Array>();
  for (const { subject, subjectPublicKeyInfo } of above.map((der) => parseCertificate(der))) {
    const name = Buffer.from(subject.der).toString('hex');
    if (crls.has(name) || !sameBytes(subjectPublicKeyInfo.der, key.subjectPublicKeyInfo)) continue;
    const extensions = [authorityKeyIdentifier(keyIdentifierOf(key.subjectPublicKeyInfo)), crlNumber(1n)];
    const fields = { issuer: subject, thisUpdate, nextUpdate, revokedCertificates: [], extensions };
    const tbs = encodeTbsCertList(fields, signatureAlgorithm);
    crls.set(name, encodeSigned(tbs, signatureAlgorithm, await sign(tbs)));
  }
  return [...crls.values()];
}
