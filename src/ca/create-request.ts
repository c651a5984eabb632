import { join } from 'node:path';
import { generateKey } from '../keys/generate-key.js';
import { DEFAULT_KEY_TYPE, type KeyType } from '../keys/key-type.js';
import type { Passphrase } from '../keys/passphrase.js';
import { encryptPkcs8 } from '../keys/pkcs8.js';
import { signerOfPkcs8 } from '../keys/signer.js';
import { writeFilesWhole } from '../store/write-files.js';
import { encodeCertificationRequestInfo } from '../x509/certificate-request.js';
import { subjectAltName } from '../x509/extensions/subject-alt-name.js';
import type { GeneralName } from '../x509/general-name.js';
import { formatGeneralName } from '../x509/general-name.js';
import { commonNameOnly, formatName, type Name } from '../x509/name.js';
import { encodePem } from '../x509/pem.js';
import { encodeSigned } from '../x509/signed.js';
import { certificateName } from './certificate-name.js';

/** What a request shall ask for. */
export interface RequestWish {
  readonly commonName: string;
  readonly name?: string;
  readonly subject?: Name;
  readonly subjectAltName?: readonly GeneralName[];
  readonly keyType?: KeyType;
  /** Where NAME.csr and NAME.key go. */
  readonly folder: string;
  readonly encryptKey?: Passphrase;
  readonly force?: boolean;
}

export interface CreatedRequest {
  readonly name: string;
  readonly subject: string;
  readonly subjectAltName: readonly string[];
  readonly keyType: KeyType;
  /** PKCS#10 PEM. */
  readonly request: string;
  readonly files: { readonly request: string; readonly privkey: string };
}

/** Makes a key and a PKCS#10 request signed by it (RFC 2986); needs no CA. @throws SslapiError ERR_FILE_EXISTS */
export async function createRequest(wish: RequestWish): Promise<CreatedRequest> {
  const name = certificateName(wish.name ?? wish.commonName);
  const keyType = wish.keyType ?? DEFAULT_KEY_TYPE;
  const subject = wish.subject ?? commonNameOnly(wish.commonName);
  const names = wish.subjectAltName ?? [];
  const { pkcs8, subjectPublicKeyInfo } = await generateKey(keyType);
  const signer = signerOfPkcs8(pkcs8, subjectPublicKeyInfo);
  const info = encodeCertificationRequestInfo(
    subject,
    subjectPublicKeyInfo,
    names.length > 0 ? [subjectAltName(names)] : [],
  );
  const request = encodePem(
    'CERTIFICATE REQUEST',
    encodeSigned(info, signer.signatureAlgorithm, await signer.sign(info)),
  );
  const key =
    wish.encryptKey === undefined
      ? encodePem('PRIVATE KEY', pkcs8)
      : encodePem('ENCRYPTED PRIVATE KEY', await encryptPkcs8(pkcs8, wish.encryptKey));
  writeFilesWhole(
    wish.folder,
    [
      { path: `${name}.key`, content: key, mode: 0o600 },
      { path: `${name}.csr`, content: request, mode: 0o644 },
    ],
    wish.force === true ? 'replace' : 'new',
  );
  return {
    name,
    subject: formatName(subject),
    subjectAltName: names.map(formatGeneralName),
    keyType,
    request,
    files: { request: join(wish.folder, `${name}.csr`), privkey: join(wish.folder, `${name}.key`) },
  };
}
