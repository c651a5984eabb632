import { spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import { openPrivateKey, privateKeyOfPem } from '../../src/keys/private-key.js';
import { decodePem } from '../../src/x509/pem.js';
import { build } from '../build.js';
import { startServer } from '../config/running-server.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { seeded } from '../tls/seeded.js';
import { Workplace } from './sslapi.js';

const RENEWALS = 200;

let place: Workplace;
beforeAll(async () => {
  build();
  place = new Workplace();
  await place.ok('init-ca', '--no-password');
});
afterAll(() => place.remove());

describe('200 renewals with a new key', () => {
  it('never show who enters the folder a key beside another certificate, nor for long who does not', async () => {
    await place.ok('issue-server', 'pair.test');
    const stop = place.at('stop');
    const reader = spawn(process.execPath, [
      'test/interop/pair-reader.mjs',
      place.at('pki/issued/pair.test'),
      stop,
    ]);
    let output = '';
    for (const stream of [reader.stdout, reader.stderr]) stream.on('data', (chunk) => (output += chunk));
    await rekey('pair.test', RENEWALS);
    writeFileSync(stop, '');
    await once(reader, 'close');
    const seen = JSON.parse(output) as Record<'reads' | 'entered' | 'apart' | 'lasting' | 'late', number>;

    expect(seen).toMatchObject({ entered: 0, lasting: 0 });
    expect(seen.reads).toBeGreaterThan(RENEWALS);
    expect(seen.apart + seen.late).toBeLessThan(seen.reads / 20);
  });

  it.runIf(peer('nginx') && peer('openssl'))(
    'leave nginx, reloaded all the while, with a pair that works',
    async () => {
      await place.ok('issue-server', 'localhost');
      const port = await freePort();
      const listen = [
        '--server',
        'localhost',
        '--standalone',
        '--client-auth',
        'off',
        '--listen',
        `127.0.0.1:${port}`,
      ];
      const configuration = await place
        .ok('config', 'nginx', ...listen, '--out', 'nginx.conf')
        .then(() => readFileSync(place.at('nginx.conf'), 'utf8'));
      const nginx = await startServer(NGINX, configuration, place.at('nginx.conf'), port);
      try {
        let done = false;
        const reloads = (async () => {
          for (; !done; await sleep(40)) nginx.reload();
        })();
        await rekey('localhost', 40);
        done = true;
        await reloads;
        nginx.reload();
        const newest = new X509Certificate(readFileSync(place.at('pki/issued/localhost/cert.pem')))
          .serialNumber;
        let shown = '';
        for (let tries = 0; shown !== newest && tries < 300; tries += 1) {
          await sleep(100);
          shown = await serialShown(port);
        }

        expect(shown).toBe(newest);
      } finally {
        await nginx.stop();
      }
    },
  );
});

describe('a renewal that is killed', () => {
  it('at any moment leaves a key and its certificate, and what it left behind is revoked by the next', async () => {
    await place.ok('issue-client', 'cut');
    const { below } = seeded(0xcafe);
    for (let round = 0; round < 12; round += 1) {
      const child = place.start(['renew', 'cut', '--rekey']);
      const ended = once(child, 'close');
      if (round % 2 === 0) await sleep(100 + below(250));
      else await filesChange('cut').catch(() => undefined);
      child.kill('SIGKILL');
      await ended;
      expect(await isPair('cut')).toBe(true);
    }
    const last = await place.json<{ certificate: { serialNumber: string } }>('renew', 'cut', '--rekey');
    const ca = await CertificateAuthority.open({ pki: place.at('pki') });
    const records = await ca.find('cut').finally(() => ca.close());
    const orphans = records.filter(({ delivered }) => !delivered);

    expect(await isPair('cut')).toBe(true);
    expect(records.at(-1)!.serialNumber).toBe(last.certificate.serialNumber);
    expect(orphans.filter(({ revocation }) => revocation?.reason !== 'superseded')).toEqual([]);
    expect(records.filter((one) => one.delivered && one.revocation !== null)).toEqual([]);
  });
});

describe('--exec', () => {
  it('runs after a change with the paths in its environment, and no password', async () => {
    await place.ok('issue-client', 'hook');
    const { exitCode } = await place.run(['renew', 'hook', '--exec', 'env > hook.env'], {
      SSLAPI_CA_PASSWORD: 'secret',
    });
    const environment = readFileSync(place.at('hook.env'), 'utf8');
    const file = (name: string) => place.at('pki/issued/hook', name);

    expect(exitCode).toBe(0);
    for (const line of [
      'SSLAPI_NAME=hook',
      `SSLAPI_CERT=${file('cert.pem')}`,
      `SSLAPI_KEY=${file('privkey.pem')}`,
      `SSLAPI_CHAIN=${file('chain.pem')}`,
      `SSLAPI_FULLCHAIN=${file('fullchain.pem')}`,
    ])
      expect(environment.split('\n')).toContain(line);
    expect(environment).not.toContain('secret');
  });

  it('that fails is told, with 3, and the renewal stays', async () => {
    const before = serialOf('hook');
    const { exitCode, stderr } = await place.run([
      'renew',
      'hook',
      '--exec',
      'echo no such server >&2; exit 7',
    ]);

    expect(exitCode).toBe(3);
    expect(stderr).toContain('--exec failed after the renewal of hook: it ended with 7 (no such server)');
    expect(serialOf('hook')).not.toBe(before);
  });

  it('counts on the command line alone', async () => {
    writeFileSync(place.at('sslapi.config.json'), '{"exec": "touch bad"}');
    const refused = await place.run(['renew', 'hook']);
    writeFileSync(place.at('sslapi.config.json'), '{}');
    await place.run(['renew', 'hook'], { SSLAPI_EXEC: 'touch bad' });

    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('ERR_CONFIG_FILE_FORBIDDEN'),
    });
    expect(existsSync(place.at('bad'))).toBe(false);
  });
});

describe('renew --due', () => {
  it('is 0 where nothing is', async () => {
    expect(await place.run(['renew', '--due'])).toEqual({
      exitCode: 0,
      stdout: 'nothing is due\n',
      stderr: '',
    });
  });

  it('goes on over one that cannot be renewed, runs the command after each other, and tells it with 3', async () => {
    for (const [index, name] of ['d1', 'd2', 'd3'].entries())
      await place.ok('issue-client', name, '--not-before', at(-48), '--not-after', at(12 + index));
    writeFileSync(place.at('pki/issued/d2/privkey.pem'), readFileSync(place.at('pki/issued/d1/privkey.pem')));
    const before = ['d1', 'd2', 'd3'].map(serialOf);
    const { exitCode, stdout, stderr } = await place.run([
      'renew',
      '--due',
      '--json',
      '--exec',
      'echo $SSLAPI_NAME >> due.log',
    ]);
    const told = JSON.parse(stdout) as {
      certificates: { name: string }[];
      failed: { name: string; error: { code: string } }[];
    };

    expect(exitCode).toBe(3);
    expect(told.certificates.map(({ name }) => name)).toEqual(['d1', 'd3']);
    expect(told.failed).toMatchObject([
      { name: 'd2', serialNumber: before[1], error: { code: 'ERR_KEY_MISMATCH' } },
    ]);
    expect(stderr).toContain('warning: d2 was not renewed:');
    expect(readFileSync(place.at('due.log'), 'utf8')).toBe('d1\nd3\n');
    expect(['d1', 'd2', 'd3'].map(serialOf).map((serial, index) => serial === before[index])).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('by two processes at once renews each but once', async () => {
    for (const name of ['t1', 't2', 't3'])
      await place.ok('issue-client', name, '--not-before', at(-48), '--not-after', at(12));
    const runs = await Promise.all([0, 1].map(() => place.run(['renew', '--due'])));
    const { certificates } = await place.json<{ certificates: unknown[] }>('list', '--name', 't?');

    expect(runs.every(({ exitCode }) => exitCode === 3)).toBe(true); // d2 is still what it was
    expect(certificates.length).toBe(6);
  });
});

async function rekey(name: string, times: number): Promise<void> {
  const ca = await CertificateAuthority.open({ pki: place.at('pki') });
  try {
    for (let count = 0; count < times; count += 1)
      await ca.renew(ca.renewable(await ca.find(name)), { rekey: true });
  } finally {
    await ca.close();
  }
}

/** Waits until something is written in the folder of a NAME: the run is in the midst of it then. */
async function filesChange(name: string): Promise<void> {
  const state = () => {
    const folder = place.at('pki/issued', name);
    return readdirSync(folder)
      .map((file) => `${file} ${lstatSync(join(folder, file)).ino}`)
      .join();
  };
  const before = state();
  for (const deadline = Date.now() + 5000; state() === before && Date.now() < deadline; ) await sleep(1);
}

async function isPair(name: string): Promise<boolean> {
  const read = (file: string) => readFileSync(place.at('pki/issued', name, file), 'utf8');
  const certificate = new X509Certificate(read('fullchain.pem'));
  const keys = await Promise.all(
    ['privkey.pem', 'fullchain.pem.key'].map((file) =>
      openPrivateKey(privateKeyOfPem(decodePem(read(file))[0]!)!),
    ),
  );
  return (
    keys.every((key) => certificate.checkPrivateKey(key)) &&
    read('cert.pem') === read('fullchain.pem').slice(0, read('cert.pem').length)
  );
}

function serialOf(name: string): string {
  return new X509Certificate(
    readFileSync(place.at('pki/issued', name, 'cert.pem')),
  ).serialNumber.toLowerCase();
}

async function serialShown(port: number): Promise<string> {
  const { stdout } = await place.program('openssl', [
    's_client',
    '-connect',
    `127.0.0.1:${port}`,
    '-servername',
    'localhost',
  ]);
  const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(stdout)?.[0];
  return pem === undefined ? '' : new X509Certificate(pem).serialNumber;
}

/** A moment so many hours from now, ISO 8601. */
function at(hours: number): string {
  return new Date(Date.now() + hours * 3_600_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

const NGINX = {
  target: 'nginx',
  program: 'nginx',
  args: (file: string) => ['-e', 'stderr', '-c', file, '-g', 'daemon off;'],
  reload: (server: { kill(signal: NodeJS.Signals): boolean }) => {
    server.kill('SIGHUP');
  },
};
