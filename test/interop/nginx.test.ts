import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../build.js';
import { type RunningServer, startServer } from '../config/running-server.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { Workplace } from './sslapi.js';

const there = peer('nginx') && peer('curl') && peer('openssl');

describe.runIf(there).each([
  ['with an intermediate', []],
  ['with a single CA', ['--no-intermediate']],
])('nginx on our configuration and our PKI, %s', (_, initFlags) => {
  let place: Workplace;
  let nginx: RunningServer;
  beforeAll(async () => {
    build();
    place = new Workplace();
    const port = await freePort();
    const yesterday = ['--not-before', at(-48), '--not-after', at(-24)];
    await place.ok('init-ca', '--no-password', ...initFlags);
    await place.ok('issue-server', 'localhost');
    await Promise.all([
      place.ok('issue-client', 'alice'),
      place.ok('issue-client', 'mallory'),
      place.ok('issue-client', 'late', ...yesterday),
      place.ok('init-ca', '--no-password', '--pki', 'other', '--name', 'other'),
      selfSigned(place),
    ]);
    await place.ok('issue-client', 'alice', '--pki', 'other');
    const listen = ['--listen', `127.0.0.1:${port}`];
    await place.ok('config', 'nginx', '--standalone', ...listen, '--out', 'nginx.conf');
    nginx = await startServer(
      NGINX,
      readFileSync(place.at('nginx.conf'), 'utf8'),
      place.at('nginx.conf'),
      port,
    );
  });
  afterAll(async () => {
    await nginx?.stop();
    place?.remove();
  });

  it('200 with a client certificate of ours', async () => {
    expect(await status(issued('alice'))).toBe(200);
  });

  it('200 over TLS 1.2 too', async () => {
    expect(await status(issued('alice'), '--tls-max', '1.2')).toBe(200);
  });

  it('400 without one', async () => {
    expect(await status([])).toBe(400);
  });

  it('400 with one that has expired', async () => {
    expect(await status(issued('late'))).toBe(400);
    expect(nginx.log()).toContain('certificate has expired');
  });

  it('400 with one that is signed by itself', async () => {
    expect(await status(['--cert', 'self.crt', '--key', 'self.key'])).toBe(400);
  });

  it('400 with one of another CA', async () => {
    expect(await status(issued('alice', 'other'))).toBe(400);
  });

  it('200 until a revocation and a reload, 400 after them, and alice stays', async () => {
    expect(await status(issued('mallory'))).toBe(200);

    await place.ok('revoke', 'mallory', '--reason', 'keyCompromise');
    nginx.reload();
    let last = 200;
    for (let tries = 0; last === 200 && tries < 300; tries += 1) {
      await sleep(50);
      last = await status(issued('mallory'));
    }

    expect(last).toBe(400);
    expect(nginx.log()).toContain('certificate revoked');
    expect(await status(issued('alice'))).toBe(200);
  });

  it('is taken by nginx -t, and refused once the CRL is garbage', async () => {
    const check = ['config', 'nginx', '--check', '--standalone'];
    expect(await place.run(check)).toMatchObject({ exitCode: 0 });

    copyFileSync(place.at('pki/crl-chain.pem'), place.at('good.pem'));
    writeFileSync(place.at('pki/crl-chain.pem'), 'garbage\n');
    const refused = await place.run(check);
    copyFileSync(place.at('good.pem'), place.at('pki/crl-chain.pem'));

    expect(refused).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('crl-chain.pem') });
    expect(await place.run(check)).toMatchObject({ exitCode: 0 });
  });

  async function status(credentials: readonly string[], ...more: readonly string[]): Promise<number> {
    const { stdout } = await place.program('curl', [
      ...['-sS', '-o', 'body', '-w', '%{http_code}', '--max-time', '10', '--cacert', 'pki/ca.crt'],
      ...[...credentials, ...more, `https://localhost:${nginx.port}/`],
    ]);
    return Number(stdout);
  }
});

const NGINX = {
  target: 'nginx',
  program: 'nginx',
  args: (file: string) => ['-e', 'stderr', '-c', file, '-g', 'daemon off;'],
  reload: (server: { kill(signal: NodeJS.Signals): boolean }) => {
    server.kill('SIGHUP');
  },
};

function issued(name: string, pki = 'pki'): string[] {
  const folder = `${pki}/issued/${name}`;
  return ['--cert', `${folder}/fullchain.pem`, '--key', `${folder}/privkey.pem`];
}

async function selfSigned(place: Workplace): Promise<void> {
  await place.program('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', '/CN=alice', '-days', '1', '-keyout', 'self.key', '-out', 'self.crt'],
  ]);
}

/** A moment so many hours from now, ISO 8601. */
function at(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
}
