import { signCertificate } from '../ca/sign-certificate.js';
import { signerOfPkcs8 } from '../keys/signer.js';
import { parseCertificate } from '../x509/certificate.js';
import { decodePem } from '../x509/pem.js';
import type { Credential, CredentialContext, MintedCredential } from './credential.js';
import { leafKey, minted } from './mint.js';

/** Every client could issue for every other, if a server let it. */
export const issuedByLeaf: Credential = {
  id: 'issued-by-leaf',
  title: 'Refuses a certificate that a client issued',
  breaks: 'the key of a client certificate signed it, which is no CA',
  citation: 'RFC 5280 §6.1.4 (k); CWE-295',
  expected: 'refuse',
  severity: 'critical',
  needs: 'good',
  make: signByLeaf,
};

async function signByLeaf(context: CredentialContext): Promise<MintedCredential> {
  const { authority, good, profile, keyType, subject, subjectAltName, validity } = context;
  const leaf = parseCertificate(good!.chain[0]!);
  const spki = leaf.subjectPublicKeyInfo.der;
  const key = await leafKey(authority, keyType);
  const certificate = await signCertificate(
    {
      profile,
      subject,
      subjectAltName,
      subjectPublicKeyInfo: key.subjectPublicKeyInfo,
      validity,
      issuer: { subject: leaf.subject, subjectPublicKeyInfo: spki, role: 'probe' },
      urls: {},
    },
    signerOfPkcs8(decodePem(good!.privateKey)[0]!.der, spki),
  );
  return minted(key, [certificate, ...good!.chain]);
}
