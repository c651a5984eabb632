import { PROFILES, profileExtensions } from '../ca/profiles.js';
import { freshSerialNumber } from '../ca/sign-certificate.js';
import { generateKey } from '../keys/generate-key.js';
import { type Signer, signerOfPkcs8 } from '../keys/signer.js';
import { encodeTbsCertificate, type Validity } from '../x509/certificate.js';
import { authorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { subjectKeyIdentifier, subjectKeyIdentifierOf } from '../x509/extensions/subject-key-identifier.js';
import { keyIdentifierOf } from '../x509/fingerprint.js';
import { encodeSigned } from '../x509/signed.js';
import { describeKey } from '../x509/subject-public-key-info.js';
import type { Credential, CredentialContext, MintedCredential, MintingCa } from './credential.js';
import { keyTypeLike } from './intermediate.js';
import { mint } from './mint.js';

/** Another's CA under the name and key identifier of ours: it proves that the key is checked, not the name. */
export const rogueCa: Credential = {
  id: 'rogue-ca',
  title: 'Refuses a certificate of a CA that only bears the name of ours',
  breaks: 'the key of another CA signed it, under the name and key identifier of ours',
  citation: 'RFC 5280 §6.1.3 (a)(1); CWE-295',
  expected: 'refuse',
  severity: 'critical',
  needs: 'issuer',
  make: mintByRogue,
};

async function mintByRogue(context: CredentialContext): Promise<MintedCredential> {
  const { issuing } = context.authority;
  const { pkcs8, subjectPublicKeyInfo } = await generateKey(keyTypeLike(issuing));
  const signer = signerOfPkcs8(pkcs8, subjectPublicKeyInfo);
  return mint(context, { signer, issuers: [await rogueCertificate(issuing, signer, context.validity)] });
}

/** Self-signed, in all but its key what the certificate of our issuing CA is. */
async function rogueCertificate(
  { parsed }: MintingCa,
  signer: Signer,
  validity: Validity,
): Promise<Uint8Array> {
  const { subjectPublicKeyInfo, signatureAlgorithm } = signer;
  const keyIdentifier = subjectKeyIdentifierOf(parsed) ?? keyIdentifierOf(parsed.subjectPublicKeyInfo.der);
  const tbs = encodeTbsCertificate(
    {
      serialNumber: freshSerialNumber(),
      issuer: parsed.subject,
      validity,
      subject: parsed.subject,
      subjectPublicKeyInfo,
      extensions: [
        ...profileExtensions(PROFILES.root, describeKeyOf(parsed)),
        subjectKeyIdentifier(keyIdentifier),
        authorityKeyIdentifier(keyIdentifier),
      ],
    },
    signatureAlgorithm,
  );
  return encodeSigned(tbs, signatureAlgorithm, await signer.sign(tbs));
}

function describeKeyOf({ subjectPublicKeyInfo }: MintingCa['parsed']): string {
  return describeKey(subjectPublicKeyInfo);
}
