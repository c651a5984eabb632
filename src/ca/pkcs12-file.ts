import { join, relative } from 'node:path';
import { encodePkcs12 } from '../keys/encode-pkcs12.js';
import type { Passphrase } from '../keys/passphrase.js';
import type { CertificateRecord } from '../store/store.js';
import type { FileToWrite } from '../store/write-files.js';
import type { AuthorityContext } from './authority-context.js';
import { friendlyNameOf } from './export-material.js';

/** NAME.p12, which lies beside the other files of a certificate where `--p12` asked for it: its key and every CA above.
 *  @param pkcs8 encoded PrivateKeyInfo, in clear */
export async function pkcs12File(
  { authorities }: Pick<AuthorityContext, 'authorities'>,
  { name, certificate }: Pick<CertificateRecord, 'name' | 'certificate'>,
  pkcs8: Uint8Array,
  password: Passphrase,
): Promise<FileToWrite> {
  const entry = {
    friendlyName: friendlyNameOf(name),
    certificate: certificate ?? new Uint8Array(0),
    chain: authorities.map(({ parsed }) => parsed.der).toReversed(),
    privateKey: pkcs8,
  };
  const content = await encodePkcs12({ entries: [entry], password, legacy: false });
  return { path: `${name}.p12`, content, mode: 0o600 };
}

/** What to say of a NAME.p12 that holds the certificate from before: nobody can write it anew without its password. */
export function stalePkcs12(
  { folder }: Pick<AuthorityContext, 'folder'>,
  { name, folder: elsewhere }: Pick<CertificateRecord, 'name' | 'folder'>,
): string[] {
  const path = join(elsewhere ?? folder.at('issued', name), `${name}.p12`);
  return folder.read(relative(folder.path, path)) === null
    ? []
    : [`${path} still holds the old certificate; --p12 writes it anew`];
}
