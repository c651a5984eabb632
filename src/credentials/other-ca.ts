import { PROFILES, profileExtensions } from '../ca/profiles.js';
import { freshSerialNumber } from '../ca/sign-certificate.js';
import { generateKey } from '../keys/generate-key.js';
import { signerOfPkcs8 } from '../keys/signer.js';
import { encodeTbsCertificate, parseCertificate } from '../x509/certificate.js';
import { subjectKeyIdentifier } from '../x509/extensions/subject-key-identifier.js';
import { keyIdentifierOf } from '../x509/fingerprint.js';
import { commonNameOnly } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { encodeSigned } from '../x509/signed.js';
import type { Credential, CredentialContext, MintedCredential } from './credential.js';
import { mint } from './mint.js';

/** A client of somebody else's CA, in order in every other way. */
export const otherCa: Credential = {
  id: 'other-ca',
  title: 'Refuses a certificate of another CA',
  breaks: 'a CA that nobody here trusts issued it',
  citation: 'RFC 5280 §6.1.1 (d); CWE-296',
  expected: 'refuse',
  severity: 'critical',
  needs: 'nothing',
  make: mintByOther,
};

async function mintByOther(context: CredentialContext): Promise<MintedCredential> {
  const { pkcs8, subjectPublicKeyInfo, keyType } = await generateKey(
    context.keyType.startsWith('rsa-') ? 'rsa-2048' : 'ec-p256',
  );
  const signer = signerOfPkcs8(pkcs8, subjectPublicKeyInfo);
  const subject = commonNameOnly(
    `sslapi-probe stranger ${serialNumberHex(freshSerialNumber()).slice(0, 16)}`,
  );
  const tbs = encodeTbsCertificate(
    {
      serialNumber: freshSerialNumber(),
      issuer: subject,
      validity: context.validity,
      subject,
      subjectPublicKeyInfo,
      extensions: [
        ...profileExtensions(PROFILES.root, keyType),
        subjectKeyIdentifier(keyIdentifierOf(subjectPublicKeyInfo)),
      ],
    },
    signer.signatureAlgorithm,
  );
  const der = encodeSigned(tbs, signer.signatureAlgorithm, await signer.sign(tbs));
  const intermediate = { parsed: parseCertificate(der), role: 'probe', signer, chain: [der] };
  return mint(context, { intermediate });
}
