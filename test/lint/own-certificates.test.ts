import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import type { KeyType } from '../../src/keys/key-type.js';
import { lintFindings } from '../../src/lint/lint-certificate.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { parseGeneralName } from '../../src/x509/general-name.js';
import { decodePem } from '../../src/x509/pem.js';

const KEY_TYPES: readonly KeyType[] = ['ec-p256', 'ec-p384', 'rsa-2048', 'ed25519'];
const CONSTRAINTS = { permittedSubtrees: [parseGeneralName('DNS:api.test')], excludedSubtrees: [] };

describe('no lint has anything to say to what our own CA issues', () => {
  it.each(KEY_TYPES)('with keys of %s', async (keyType) => {
    const home = mkdtempSync(join(tmpdir(), 'sslapi-lint-'));
    const { ca } = await CertificateAuthority.create({ pki: join(home, 'pki'), keyType, passphrase: null });
    try {
      const san = ['api.test', '*.api.test', '10.0.0.7'].map(parseGeneralName);
      const server = await ca.issueServer({ commonName: 'api.test', subjectAltName: san, keyType });
      const client = await ca.issueClient({ commonName: 'alice', keyType });

      const chains = [server.fullchain, client.fullchain].flatMap(certificatesIn);
      const all = [...ca.authorities.map(({ certificate }) => certificate), ...chains];
      expect(all.flatMap((der) => lintFindings(parseCertificate(der)))).toEqual([]);
    } finally {
      await ca.close();
      rmSync(home, { recursive: true, force: true });
    }
  });

  it('with name constraints, and a single CA', async () => {
    const home = mkdtempSync(join(tmpdir(), 'sslapi-lint-'));
    const wish = {
      pki: join(home, 'pki'),
      noIntermediate: true,
      nameConstraints: CONSTRAINTS,
      passphrase: null,
    };
    const { ca } = await CertificateAuthority.create(wish);
    try {
      const { fullchain } = await ca.issueServer({ commonName: 'www.api.test' });
      const all = [...ca.authorities.map(({ certificate }) => certificate), ...certificatesIn(fullchain)];

      expect(all.flatMap((der) => lintFindings(parseCertificate(der)))).toEqual([]);
    } finally {
      await ca.close();
      rmSync(home, { recursive: true, force: true });
    }
  });
});

function certificatesIn(pem: string): Uint8Array[] {
  return decodePem(pem).map(({ der }) => der);
}
