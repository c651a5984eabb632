import { signCertificate } from '../ca/sign-certificate.js';
import { generateKey } from '../keys/generate-key.js';
import { signerOfPkcs8 } from '../keys/signer.js';
import type { Credential, CredentialContext, MintedCredential } from './credential.js';
import { minted } from './mint.js';

/** Signed by its own key: anybody can make one in a second. */
export const selfSigned: Credential = {
  id: 'self-signed',
  title: 'Refuses a self-signed certificate',
  breaks: 'no CA signed it: its issuer is itself',
  citation: 'RFC 5280 §6.1.1 (d); CWE-295',
  expected: 'refuse',
  severity: 'critical',
  needs: 'nothing',
  make: signItself,
};

async function signItself(context: CredentialContext): Promise<MintedCredential> {
  const { profile, subject, subjectAltName, keyType, validity } = context;
  const key = await generateKey(keyType);
  const { pkcs8, subjectPublicKeyInfo } = key;
  const certificate = await signCertificate(
    {
      profile,
      subject,
      subjectAltName,
      subjectPublicKeyInfo,
      validity,
      issuer: { subject, subjectPublicKeyInfo, role: 'self' },
      urls: {},
    },
    signerOfPkcs8(pkcs8, subjectPublicKeyInfo),
  );
  return minted(key, [certificate]);
}
