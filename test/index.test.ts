import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CertificateAuthority, probe, reporters, startServer } from '../src/index.js';

const folder = mkdtempSync(join(tmpdir(), 'sslapi-index-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('what the command line does is to be had from code', () => {
  it('makes a CA, issues, serves, proves and reports', async () => {
    const { ca } = await CertificateAuthority.create({ pki: join(folder, 'pki'), passphrase: null });
    const server = await ca.issueServer({ commonName: 'localhost' });
    const { certificate, privateKey } = await ca.issueClient({ commonName: 'billing', validityDays: 90 });
    const running = await startServer({
      ca,
      listen: { host: '127.0.0.1', port: 0 },
      server: { cert: server.fullchain, key: server.privateKey },
      clientAuth: 'require',
    });

    const report = await probe(`localhost:${running.address.port}`, {
      ca,
      proveMtls: true,
      paths: ['/whoami'],
    });
    await running.close();
    await ca.close();

    expect(certificate).toMatchObject({ name: 'billing', profile: 'client', status: 'valid' });
    expect(privateKey).toBe(readFileSync(certificate.files!.privkey!, 'utf8'));
    expect(report).toMatchObject({
      verdict: 'pass',
      clientAuth: { requested: true, required: true, enforcedBy: 'http' },
    });
    expect(reporters.text(report)).toContain('revoked');
  });
});
