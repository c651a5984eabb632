import type { CertificateRecord } from '../store/store.js';
import type { FileToWrite } from '../store/write-files.js';
import { encodePem } from '../x509/pem.js';
import type { AuthorityContext } from './authority-context.js';

/** The leaf, the chain without the root, and both; with a single CA the chain is that CA, and fullchain the leaf alone. */
export function leafFiles(
  { issuing, root }: Pick<AuthorityContext, 'issuing' | 'root'>,
  { certificate }: Pick<CertificateRecord, 'certificate'>,
): {
  cert: string;
  chain: string;
  fullchain: string;
} {
  const cert = encodePem('CERTIFICATE', certificate ?? new Uint8Array(0));
  const chain = encodePem('CERTIFICATE', issuing.parsed.der);
  return { cert, chain, fullchain: root === null ? cert : cert + chain };
}

/** The files of a certificate, its key first where it is here. */
export function leafFilesToWrite(
  context: Pick<AuthorityContext, 'issuing' | 'root'>,
  record: CertificateRecord,
  privateKey: string | undefined,
): FileToWrite[] {
  const { cert, chain, fullchain } = leafFiles(context, record);
  const secret = (path: string): FileToWrite[] =>
    privateKey === undefined ? [] : [{ path, content: privateKey, mode: 0o600 }];
  return [
    ...secret('privkey.pem'),
    ...secret('fullchain.pem.key'), // where HAProxy looks for the key of fullchain.pem
    { path: 'cert.pem', content: cert, mode: 0o644 },
    { path: 'chain.pem', content: chain, mode: 0o644 },
    { path: 'fullchain.pem', content: fullchain, mode: 0o644 },
  ];
}
