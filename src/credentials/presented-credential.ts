import { SslapiError } from '../errors.js';
import {
  openPrivateKey,
  type PrivateKeyFile,
  privateKeyOfDer,
  privateKeyOfPem,
  subjectPublicKeyInfoOf,
} from '../keys/private-key.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { sameBytes } from '../x509/der.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import type { GeneralName } from '../x509/general-name.js';
import type { Name } from '../x509/name.js';
import { decodePem, looksLikePem } from '../x509/pem.js';
import { describeKey } from '../x509/subject-public-key-info.js';
import type { MintedCredential } from './credential.js';

/** A client's real certificate and key, shown as they are. */
export interface PresentedCredential extends MintedCredential {
  readonly subject: Name;
  readonly subjectAltName: readonly GeneralName[];
}

/** Takes a certificate (with its chain, leaf first) and the key that belongs to it, each in PEM or DER.
 *  @throws SslapiError ERR_INPUT_NOT_RECOGNISED, ERR_KEY_UNREADABLE, ERR_KEY_MISMATCH, ERR_PASSWORD_NEEDED */
export async function presentedCredential(
  certificates: Uint8Array,
  privateKey: Uint8Array,
): Promise<PresentedCredential> {
  const chain = certificatesIn(certificates);
  const leaf = chain[0]!;
  const key = await openPrivateKey(keyIn(privateKey));
  if (!sameBytes(subjectPublicKeyInfoOf(key), leaf.subjectPublicKeyInfo.der)) {
    throw new SslapiError('ERR_KEY_MISMATCH', 'the key is not that of the client certificate');
  }
  return {
    chain: chain.map(({ der }) => der),
    privateKey: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    keyType: describeKey(leaf.subjectPublicKeyInfo),
    subject: leaf.subject,
    subjectAltName: subjectAltNameOf(leaf) ?? [],
  };
}

function certificatesIn(bytes: Uint8Array): Certificate[] {
  const text = Buffer.from(bytes).toString('latin1');
  const ders = looksLikePem(text)
    ? decodePem(text)
        .filter(({ label }) => label === 'CERTIFICATE')
        .map(({ der }) => der)
    : [bytes];
  if (ders.length === 0) throw new SslapiError('ERR_INPUT_NOT_RECOGNISED', 'there is no certificate in it');
  return ders.map((der) => parseCertificate(der));
}

function keyIn(bytes: Uint8Array): PrivateKeyFile {
  const text = Buffer.from(bytes).toString('latin1');
  const found = looksLikePem(text)
    ? decodePem(text)
        .map(privateKeyOfPem)
        .find((file) => file !== null)
    : privateKeyOfDer(bytes);
  if (!found) throw new SslapiError('ERR_KEY_UNREADABLE', 'there is no private key in it');
  return found;
}
