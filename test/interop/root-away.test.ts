import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.js';
import { build } from '../build.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { Workplace } from './sslapi.js';

const CA = ['--password-file', 'ca.pass'];
const ROOT = ['--root-key', 'usb/root.key', '--root-password-file', 'root.pass'];

let place: Workplace;
let port: number;
let server: ChildProcess | undefined;
beforeAll(async () => {
  build();
  place = new Workplace();
  port = await freePort();
  for (const name of ['ca', 'root', 'new', 'export'])
    writeFileSync(place.at(`${name}.pass`), `${name} secret\n`);
  await place.ok('init-ca', ...CA, '--root-out', 'usb', '--root-password-file', 'root.pass');
});
afterAll(() => {
  server?.kill('SIGKILL');
  place.remove();
});

/** Every command in an order in which each finds what it needs: what is typed, and what it ends with. */
const TABLE: ReadonlyArray<readonly [typed: string, exitCode: number, says?: string]> = [
  ['init-ca --no-password', 2, 'ERR_CA_EXISTS'],
  ['quickstart', 2, 'ERR_CA_EXISTS'],
  ['issue-server localhost --san localhost,127.0.0.1 CA', 0],
  ['issue-client alice CA', 0],
  ['csr device', 0],
  ['sign-csr device.csr --profile client --yes CA', 0],
  ['renew alice --rekey CA', 0],
  ['revoke device --reason certificateHold CA', 0],
  ['unrevoke device CA', 0],
  ['revoke device CA', 0],
  ['gen-crl CA', 0],
  ['gen-crl --check', 0],
  ['status', 0],
  ['list', 0],
  ['export alice --format p12 --out alice.p12 --export-password-file export.pass', 0],
  ['inspect alice', 0],
  ['verify localhost --purpose server --hostname localhost --require-crl', 0],
  ['config nginx --server localhost --standalone --out nginx.conf', 0],
  ['prove --list', 0],
  ['serve --listen PORT CA', 0],
  ['probe localhost:PORT --prove-mtls --path /whoami --sign --format json=proof.json CA', 0],
  ['verify-report proof.json', 0],
  ['proof-kit --out kit.p12 --export-password-file export.pass CA', 0],
  ['policies', 0],
  ['path alice', 0],
  ['completion bash', 0],
  ['import-ca --cert pki/ca.crt --key pki/private/issuing.key --no-password', 2, 'ERR_CA_EXISTS'],
  ['trust status', 1],
  ['revoke issuing.ca CA --yes', 3, 'ERR_ROOT_KEY_OFFLINE'],
  ['rekey-password CA --new-password-file new.pass', 0, "the root's key is elsewhere"],
  ['issue-client bob --password-file new.pass', 0],
];

describe('with the key of the root away', () => {
  it('it never lay in the pki folder, and has a password of its own', () => {
    expect(existsSync(place.at('pki/private/root.key'))).toBe(false);
    expect(readFileSync(place.at('usb/root.key'), 'utf8')).toContain('ENCRYPTED');
  });

  const cases = TABLE.map(([typed, exitCode, says = '']) => ({ typed, exitCode, says }));

  it.each(cases)('sslapi $typed: $exitCode', async ({ typed, exitCode, says }) => {
    const args = typed
      .split(' ')
      .flatMap((word) => (word === 'CA' ? CA : [word.replace('PORT', String(port))]));
    if (args[0] === 'serve') return expect(await served(args)).toBe(true);
    const ran = await place.run(args);

    expect({ ...ran, stdout: '' }).toMatchObject({ exitCode, stderr: expect.stringContaining(says) });
  });

  it('a proof tells which of its rows need that key, and is a pass all the same', () => {
    const { proof, verdict } = JSON.parse(readFileSync(place.at('proof.json'), 'utf8')) as Report;
    const offline = proof.filter(({ evidence }) => evidence.includes('the root key is offline'));

    expect(verdict).toBe('pass');
    expect(offline.map(({ credential }) => credential)).toContain('path-length-exceeded');
    expect(new Set(offline.map(({ status }) => status))).toEqual(new Set(['not-applicable']));
  });

  it('every command is in this table', () => {
    const tried = new Set(TABLE.map(([typed]) => typed.split(' ')[0]));

    expect(COMMANDS.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  it.skipIf(!peer('openssl'))('OpenSSL takes what was issued, CRLs of both CAs included', async () => {
    const files = [
      '-CAfile',
      'pki/ca.crt',
      '-untrusted',
      'pki/ca-chain.crt',
      '-CRLfile',
      'pki/crl-chain.pem',
    ];
    const verify = (name: string) =>
      place.program('openssl', ['verify', '-crl_check_all', ...files, `pki/issued/${name}/cert.pem`]);

    expect((await verify('localhost')).exitCode).toBe(0);
    expect((await verify('alice')).exitCode).toBe(0);
    expect((await verify('device')).stderr).toContain('certificate revoked');
  });
});

describe("when the root's CRL is due and its key is away", () => {
  beforeAll(async () => {
    await place.ok('init-ca', '--pki', 'due', ...CA, '--root-out', 'due-usb', '--root-next-update', '1s');
    await sleep(1_200);
  });

  it("gen-crl writes the issuing CA's, tells it, and ends with 3", async () => {
    const { exitCode, stdout, stderr } = await place.run(['gen-crl', '--pki', 'due', ...CA, '--json']);

    expect(exitCode).toBe(3);
    expect((JSON.parse(stdout) as { crls: unknown[] }).crls).toMatchObject([{ ca: 'issuing', number: '2' }]);
    expect(stderr).toContain('bring it with --root-key FILE');
  });

  it('with the key brought, it writes both', async () => {
    const root = ['--root-key', 'due-usb/root.key', '--root-password-file', 'ca.pass'];
    const { crls } = await place.json<{ crls: unknown[] }>('gen-crl', '--pki', 'due', ...CA, ...root);

    expect(crls).toMatchObject([
      { ca: 'root', number: '2' },
      { ca: 'issuing', number: '3' },
    ]);
  });
});

describe('with the key brought for one command', () => {
  it('the issuing CA is revoked, and that is the end of what it issued', async () => {
    await place.ok('revoke', 'issuing.ca', '--yes', '--reason', 'cACompromise', ...ROOT);
    const { exitCode, stdout } = await place.run(['verify', 'localhost', '--json']);

    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ ok: false, reason: 'cert-revoked' });
  });
});

interface Report {
  readonly verdict: string;
  readonly proof: ReadonlyArray<{
    readonly credential: string;
    readonly status: string;
    readonly evidence: string;
  }>;
}

/** Whether it listens; it goes on for those that follow. */
async function served(args: readonly string[]): Promise<boolean> {
  server = place.start(args);
  let said = '';
  for (const stream of [server.stdout, server.stderr])
    stream?.on('data', (text) => {
      said += String(text);
    });
  for (let wait = 0; wait < 200 && !said.includes(String(port)) && server.exitCode === null; wait += 1)
    await sleep(50);
  return server.exitCode === null && said.includes(String(port));
}
