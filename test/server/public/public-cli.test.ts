import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../../build.js';
import { freePort } from '../../free-port.js';
import { Workplace } from '../../interop/sslapi.js';
import { peer } from '../../peers/peer.js';

const [hasOpenssl, hasCurl] = [peer('openssl'), peer('curl')];
const place = new Workplace();
let port: number;
beforeAll(async () => {
  build();
  port = await freePort();
  const at = `http://127.0.0.1:${port}/{ca}`;
  await place.ok('init-ca', '--no-password', '--crl-url', `${at}.crl`, '--issuer-url', `${at}.crt`);
}, 120_000);
afterAll(() => place.remove());

const cert = (name: string): string => place.at('pki', 'issued', name, 'cert.pem');

/** `serve` with a second port, until it is interrupted. */
async function serving(args: readonly string[], meanwhile: (url: string) => Promise<void>) {
  const child = place.start(['serve', '--listen', '0', '--json', ...args]);
  let [stdout, stderr] = ['', ''];
  child.stdout!.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr!.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'exit');
  try {
    await expect.poll(() => stdout, { timeout: 60_000 }).toContain('"listening-public"');
    await meanwhile((JSON.parse(stdout.split('\n')[0]!) as { url: string }).url);
  } finally {
    child.kill('SIGINT');
  }
  const [exitCode] = (await ended) as [number];
  const lines = stdout.trim().split('\n');
  return { exitCode, stderr, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe.skipIf(!hasOpenssl || !hasCurl)('serve --public-listen', () => {
  it('gives certificates the CRLs that they point to, today’s, to OpenSSL, curl and probe', async () => {
    for (const name of ['alice', 'bob']) await place.ok('issue-client', name);
    const verify = (name: string) =>
      place.program('openssl', [
        ...['verify', '-crl_download', '-crl_check_all', '-CAfile', 'pki/ca.crt'],
        ...['-CRLfile', 'root.pem'], // the root names no CRL of its own
        ...['-untrusted', 'pki/ca-chain.crt', cert(name)],
      ]);
    const probe = (url: string) =>
      place.run(['probe', url.replace('https://', ''), '--check-revocation', '--json', '--fail-on', 'high']);
    const revocation = (report: string) =>
      (JSON.parse(report) as { checks: { id: string; status: string; evidence: string }[] }).checks.find(
        ({ id }) => id === 'certificate-not-revoked',
      );

    const { exitCode, stderr, lines } = await serving(['--public-listen', `${port}`], async (url) => {
      await place.program('curl', ['-fsSo', 'root.crl', `http://127.0.0.1:${port}/root.crl`]);
      await place.program('openssl', [...'crl -inform DER -in root.crl -out root.pem'.split(' ')]);
      for (const name of ['alice', 'bob'])
        expect(await verify(name)).toMatchObject({ exitCode: 0, stderr: '' });
      const good = await probe(url);
      expect(revocation(good.stdout)).toMatchObject({ status: 'pass' });

      await place.ok('revoke', 'bob'); // by another process, and the server is told nothing
      await place.ok('revoke', 'localhost');
      expect((await verify('alice')).stdout).toMatch(/: OK\n$/);
      const refused = await verify('bob');
      expect([refused.exitCode === 0, refused.stderr]).toEqual([
        false,
        expect.stringContaining('certificate revoked'),
      ]);
      const bad = await probe(url);
      expect(bad.exitCode).toBe(1);
      expect(revocation(bad.stdout)).toMatchObject({
        status: 'fail',
        evidence: expect.stringContaining(`http://127.0.0.1:${port}/issuing.crl`),
      });

      for (const role of ['issuing', 'root']) {
        const at = `http://127.0.0.1:${port}/${role}`;
        const fetched = await place.program('curl', [
          '-fsS',
          `${at}.crl`,
          `${at}.crt`,
          '-o',
          'x.crl',
          '-o',
          'x.crt',
        ]);
        expect(fetched).toMatchObject({ exitCode: 0, stderr: '' });
        await place.program('openssl', ['x509', '-inform', 'DER', '-in', 'x.crt', '-out', 'x.pem']);
        const crl = await place.program('openssl', [
          ...['crl', '-inform', 'DER', '-in', 'x.crl', '-CAfile', 'x.pem', '-noout', '-issuer'],
        ]);
        expect(crl.stderr).toBe('verify OK\n');
      }
    });

    expect({ exitCode, kinds: lines.slice(0, 2).map(({ kind }) => kind) }).toEqual({
      exitCode: 0,
      kinds: ['listening', 'listening-public'],
    });
    expect(lines[1]).toEqual({
      ...{ schemaVersion: 1, kind: 'listening-public', url: `http://127.0.0.1:${port}` },
      ...{ host: '127.0.0.1', port },
    });
    expect(stderr).toContain(`public: http://127.0.0.1:${port}, CRLs and CA certificates for everybody\n`);
  }, 180_000);

  it('counts whom the second port refused among the others', async () => {
    await place.ok('issue-client', 'carol');
    const { lines } = await serving(['--public-listen', `${port}`], async (url) => {
      await place.program('curl', ['-sS', '-X', 'NO@METHOD', `http://127.0.0.1:${port}/`]);
      const folder = place.at('pki', 'issued', 'carol');
      const credential = ['--cert', `${folder}/cert.pem`, '--key', `${folder}/privkey.pem`];
      const metrics = await place.program('curl', [
        ...['-fsS', '--cacert', 'pki/ca.crt', ...credential],
        `${url}/metrics`,
      ]);
      expect(metrics.stdout).toContain(
        'sslapi_refused_total{code="malformed-http",during="public request"} 1\n',
      );
    });

    expect(lines).toContainEqual(expect.objectContaining({ kind: 'refused', during: 'public request' }));
  }, 120_000);

  it('goes with no port that is taken, be it by the API itself, and not with --bad', async () => {
    await place.ok('issue-server', 'free.test');
    const taken = await place.run([
      'serve',
      '--server',
      'free.test',
      '--listen',
      `${port}`,
      '--public-listen',
      `${port}`,
    ]);
    expect(taken.exitCode).toBe(3);
    expect(taken.stderr).toContain(`cannot listen on 127.0.0.1:${port}: something listens there already`);
    expect(taken.stderr).toContain('--public-listen HOST:PORT');

    expect((await place.run(['serve', '--bad', 'good', '--public-listen', `${port}`])).exitCode).toBe(2);
  }, 120_000);
});
