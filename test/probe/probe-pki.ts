import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import type { CreateOptions } from '../../src/ca/create-authority.js';
import type { OpensslPki } from '../config/openssl-pki.js';

/** A CA of ours in a temporary folder, with a server certificate for localhost and 127.0.0.1. */
export interface ProbePki {
  readonly ca: CertificateAuthority;
  /** What the real servers of `test/config` are started on. */
  readonly served: OpensslPki;
  readonly close: () => Promise<void>;
}

export async function makeProbePki(options: Partial<CreateOptions> = {}): Promise<ProbePki> {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-probe-'));
  const { ca } = await CertificateAuthority.create({
    pki: join(folder, 'pki'),
    name: 'Probe',
    passphrase: null,
    ...options,
  });
  await ca.issueServer({
    commonName: 'server',
    subjectAltName: [
      { type: 'dNSName', value: 'localhost' },
      { type: 'iPAddress', octets: new Uint8Array([127, 0, 0, 1]) },
    ],
  });
  const { fullchain, privkey } = ca.filesOf({ name: 'server', folder: null });
  const notHere = (): never => {
    throw new Error('not with a CA of ours');
  };
  return {
    ca,
    served: {
      folder,
      files: {
        fullchain,
        privkey: privkey!,
        caChain: ca.folder.at('ca-chain.crt'),
        crlChain: ca.folder.at('crl-chain.pem'),
      },
      revoke: notHere,
      renewed: notHere,
      expireCrls: notHere,
      remove: notHere,
    },
    close: async () => {
      await ca.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
