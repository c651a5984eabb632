import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../build.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { PrivateSystem } from './private-system.js';
import { type Ran, Workplace } from './sslapi.js';

const possible =
  PrivateSystem.isPossible() &&
  ['update-ca-certificates', 'certutil', 'keytool', 'chromium', 'curl'].every(peer);

let place: Workplace;
let machine: PrivateSystem;
let server: ChildProcess;
let url: string;
beforeAll(async () => {
  if (!possible) return;
  build();
  place = new Workplace();
  machine = await PrivateSystem.start();
  await place.ok('init-ca', '--no-password');
  await place.ok('issue-server', 'localhost');
  mkdirSync(place.at('home'));
  const port = await freePort();
  url = `https://localhost:${port}/`;
  const issued = 'pki/issued/localhost';
  const shown = [
    '-cert',
    `${issued}/cert.pem`,
    '-cert_chain',
    `${issued}/chain.pem`,
    '-key',
    `${issued}/privkey.pem`,
  ];
  server = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-www', '-quiet', ...shown], {
    cwd: place.path,
    stdio: 'ignore',
  });
  for (let tries = 0; tries < 900 && !(await answers(port)); tries += 1) await sleep(50);
}, 60_000);
afterAll(async () => {
  if (!possible) return;
  if (server.exitCode === null && server.kill()) await once(server, 'exit');
  await machine.stop();
  place.remove();
});

describe.runIf(possible)('after `trust install`', { timeout: 180_000 }, () => {
  it('curl, Chromium and Java accept a server of this CA, and refuse it after `uninstall`', async () => {
    const bundle = await bundled();
    const links = await listed();
    expect(await asked()).toEqual({ curl: 'refused', chromium: 'refused', java: 'refused' });
    expect(await trust('status')).toMatchObject({ exitCode: 1 });

    expect(await trust('install', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await asked()).toEqual({ curl: 'accepted', chromium: 'accepted', java: 'accepted' });
    expect(await trust('status')).toMatchObject({ exitCode: 0 });

    const again = await trust('install', '--yes');
    expect(again).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });

    expect(await trust('uninstall', '--yes')).toMatchObject({ exitCode: 0 });
    expect(await asked()).toEqual({ curl: 'refused', chromium: 'refused', java: 'refused' });
    expect(await bundled()).toBe(bundle);
    expect(await listed()).toBe(links);
    const nothing = await trust('uninstall', '--yes');
    expect(nothing).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
  });

  it('of the system store alone, Java too forgets the root with it', async () => {
    await trust('install', '--yes', '--store', 'system');
    const between = await trust('status', '--store', 'java', '--json');
    const uninstalled = await trust('uninstall', '--yes', '--store', 'system');

    expect(JSON.parse(between.stdout).stores).toMatchObject([
      { store: 'java', state: 'trusted', note: 'by way of the system store' },
    ]);
    expect(uninstalled).toMatchObject({ exitCode: 0 });
    expect(await java()).toBe('refused');
  });

  it('nothing is done without an answer', async () => {
    const before = await bundled();

    const { exitCode, stderr } = await trust('install');

    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /write \/usr\/local\/share\/ca-certificates\/sslapi-[0-9a-f]{16}\.crt; run update-ca/,
    );
    expect(stderr).toMatch(/ERR_ANSWER_NEEDED/);
    expect(await bundled()).toBe(before);
    expect(await trust('status')).toMatchObject({ exitCode: 1 });
  });

  it('another certificate under the name of ours is left alone', async () => {
    const path = (await trust('install')).stderr.match(/write (\S+\.crt)/)![1]!;
    await selfSigned('stranger');
    await machine.run(place, ['cp', 'stranger.pem', path]);

    const status = await trust('status', '--store', 'system', '--json');
    const installed = await trust('install', '--yes', '--store', 'system');
    const uninstalled = await trust('uninstall', '--yes', '--store', 'system');

    expect(JSON.parse(status.stdout).stores[0]).toMatchObject({ state: 'foreign' });
    expect(installed).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('holds another certificate'),
    });
    expect(uninstalled.exitCode).toBe(3);
    const { stdout } = await machine.run(place, ['cat', path]);
    expect(stdout).toBe(readFileSync(place.at('stranger.pem'), 'utf8'));
    await machine.run(place, ['rm', path]);
  });

  it('the root under a name that others gave it is left alone', async () => {
    const path = '/usr/local/share/ca-certificates/by-hand.crt';
    await machine.run(place, ['cp', 'pki/ca.crt', path]);
    await machine.run(place, ['update-ca-certificates']);

    const installed = await trust('install', '--yes', '--store', 'system');
    const uninstalled = await trust('uninstall', '--yes', '--store', 'system');

    expect(installed).toMatchObject({ exitCode: 0, stderr: expect.stringContaining('nothing to do') });
    expect(uninstalled).toMatchObject({ exitCode: 3, stderr: expect.stringContaining(path) });
    expect(await machine.run(place, ['cat', path])).toMatchObject({ exitCode: 0 });
    await machine.run(place, ['rm', path]);
    await machine.run(place, ['update-ca-certificates', '--fresh']);
  });

  it('a command that fails leaves no file behind', async () => {
    mkdirSync(place.at('broken'));
    writeFileSync(place.at('broken', 'update-ca-certificates'), '#!/bin/sh\necho no room >&2; exit 1\n');
    chmodSync(place.at('broken', 'update-ca-certificates'), 0o755);

    const { exitCode, stderr } = await trustWith(
      { PATH: `${place.at('broken')}:${process.env['PATH']}:/usr/sbin` },
      ['install', '--yes', '--store', 'system'],
    );

    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/`update-ca-certificates` ended with 1: no room \(ERR_PROGRAM_FAILED\)/);
    const { stdout } = await machine.run(place, ['ls', '/usr/local/share/ca-certificates']);
    expect(stdout).not.toContain('sslapi-');
  });

  it.runIf(process.getuid?.() === 0)('who is not root is told what only root may do', async () => {
    chmodSync(place.path, 0o755);
    const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
    const { exitCode, stderr } = await machine.run(
      place,
      [
        ...nobody,
        process.execPath,
        resolve('bin/sslapi.js'),
        'trust',
        'install',
        '--yes',
        '--store',
        'system',
      ],
      { HOME: place.at('home') },
    );

    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /this user may not change that; run sudo sslapi trust install \S+\/pki\/ca.crt --store system$/m,
    );
  });
});

async function asked(): Promise<Record<'curl' | 'chromium' | 'java', 'accepted' | 'refused'>> {
  return { curl: await curl(), chromium: await chromium(), java: await java() };
}

async function curl(): Promise<'accepted' | 'refused'> {
  const { exitCode, stderr } = await machine.run(place, ['curl', '-sS', '-o', '/dev/null', url]);
  if (exitCode !== 0 && exitCode !== PEER_NOT_VERIFIED)
    throw new Error(`curl ended with ${exitCode}: ${stderr}`);
  return exitCode === 0 ? 'accepted' : 'refused';
}

/** A page that is not shown may have many reasons: the same Chromium shows it where it is told to trust anybody. */
async function chromium(): Promise<'accepted' | 'refused'> {
  if (await showsPage()) return 'accepted';
  expect(await showsPage('--ignore-certificate-errors')).toBe(true);
  return 'refused';
}

async function showsPage(...flags: readonly string[]): Promise<boolean> {
  const headless = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
  const data = `--user-data-dir=${place.at('home', 'data')}`;
  const page = ['--timeout=20000', '--dump-dom', url];
  const home = { HOME: place.at('home') };
  const { stdout } = await machine.run(place, ['chromium', ...headless, ...flags, data, ...page], home);
  return stdout.includes('Ciphers supported');
}

async function java(): Promise<'accepted' | 'refused'> {
  const { stdout, stderr } = await machine.run(place, [
    'java',
    resolve('test/interop/peer-programs/TrustClient.java'),
    url,
  ]);
  if (stdout.trim() === '200') return 'accepted';
  if (stdout.trim() === 'refused') return 'refused';
  throw new Error(`java: ${stdout}${stderr}`);
}

function trust(...args: readonly string[]): Promise<Ran> {
  return trustWith({}, args);
}

function trustWith(env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Ran> {
  const command = [process.execPath, resolve('bin/sslapi.js'), 'trust', ...args];
  return machine.run(place, command, { HOME: place.at('home'), ...env });
}

async function bundled(): Promise<string> {
  return (await machine.run(place, ['sha256sum', '/etc/ssl/certs/ca-certificates.crt'])).stdout;
}

async function listed(): Promise<string> {
  return (await machine.run(place, ['ls', '/etc/ssl/certs', '/usr/local/share/ca-certificates'])).stdout;
}

async function selfSigned(name: string): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${name}.key`];
  await place.program('openssl', ['req', '-x509', ...key, '-out', `${name}.pem`, '-subj', `/CN=${name}`]);
}

function answers(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => settle(socket.destroy() !== null));
    socket.once('error', () => settle(false));
  });
}

/** curl's exit code where it does not trust the certificate. */
const PEER_NOT_VERIFIED = 60;
