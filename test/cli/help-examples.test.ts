import { execFileSync, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/command-list.js';
import { ERRORS } from '../../src/errors.js';
import { build } from '../build.js';
import { EASY_RSA, easyRsaCa, OpensslCa } from '../interop/foreign-ca.js';
import { peer } from '../peers/peer.js';

/** Commands whose examples need a server elsewhere, run until they are stopped, or change this machine: their own tests run
 *  them. */
const LIVE: ReadonlySet<string> = new Set([
  'serve',
  'probe',
  'prove',
  'quickstart',
  'inspect',
  'verify',
  'trust',
]);

let home: string;
/** A CA alone; the same with the certificates that examples speak of. */
let founded: string;
let stocked: string;
let serial: string;
let held: string;
beforeAll(() => {
  build();
  home = mkdtempSync(join(tmpdir(), 'sslapi-examples-'));
  founded = join(home, 'founded');
  stocked = join(home, 'stocked');
  mkdirSync(join(home, 'bin'));
  mkdirSync(founded);
  const run = `exec '${process.execPath}' '${resolve('bin/sslapi.js')}' "$@"`;
  writeFileSync(join(home, 'bin', 'sslapi'), `#!/bin/sh\n${run}\n`, { mode: 0o755 });
  for (const command of FOUNDING) expect(typed(command, founded)).toMatchObject({ status: 0 });
  execFileSync('cp', ['-a', founded, stocked]);
  makeForeignCas(join(home, 'foreign'));
  for (const command of STOCKING) expect(typed(command, stocked)).toMatchObject({ status: 0 });
  const { certificates } = JSON.parse(typed('sslapi list --name sensor-1 --json', stocked).stdout);
  serial = certificates[0].serialNumber;
  held = JSON.parse(typed('sslapi list --name tablet --json', stocked).stdout).certificates[0].serialNumber;
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const FOUNDING = ['sslapi init-ca', 'sslapi csr api --san api.acme.test', 'sslapi csr device'];
const STOCKING = [
  'echo another > new.pass && mkdir usb && cp pki/private/root.key usb',
  'sslapi issue-server api.test',
  'sslapi issue-client billing',
  'sslapi issue-client sensor-1',
  'echo right > p12.pass && cp p12.pass kit.pass',
  'sslapi proof-kit --out old-kit.p12 --export-password-file kit.pass',
  'sslapi probe 127.0.0.1:1 --sign --format json=proof.json; test $? = 3 && cp pki/ca.crt root.pem',
  'sslapi issue-client tablet && sslapi revoke tablet --reason certificateHold',
  'sslapi issue-client laptop && cp pki/issued/laptop/cert.pem old-laptop.pem',
];
/** What no prepared folder can hold, and what it stands for: serial numbers, and the answer to a question. */
const standsFor = (example: string) =>
  example
    .replace('4f:1a:07', serial)
    .replace('5e:2b:08', held)
    .replace('--out api.crt', '--out api.crt --yes')
    .replace('/media/root.key', 'usb/root.key')
    .replace(/^sslapi proof-kit .*/, (kit) => `rm -f kit.p12 && ${kit}`)
    .replace(/(?<=sslapi proof-kit)(?!.*--export-password-file)/, ' --export-password-file kit.pass');

describe('every example in the help runs as it is written', () => {
  it.each(COMMANDS.map(({ name }) => name).filter((name) => !LIVE.has(name)))('%s', (name) => {
    const examples = examplesOf(typed(`sslapi help ${name}`).stdout);

    expect(examples.length).toBeGreaterThanOrEqual(2);
    for (const example of examples) {
      if (example.includes('nginx --check') && !peer('nginx')) continue;
      if (example.includes('--easyrsa') && !existsSync(EASY_RSA)) continue;
      if (name === 'proof-kit' && example.startsWith('sslapi probe')) continue; // to api.test, where nobody is
      const { status, stderr } = typed(standsFor(example), folderFor(name));
      expect({ example, status, stderr: status === 0 ? '' : stderr }).toEqual({
        example,
        status: 0,
        stderr: '',
      });
    }
  });

  it.each([...LIVE].filter((name) => COMMANDS.some((command) => command.name === name)))(
    '%s has two of them at least',
    (name) => expect(examplesOf(typed(`sslapi help ${name}`).stdout).length).toBeGreaterThanOrEqual(2),
  );
});

it('every command has a file of its own, and every file there is a command', () => {
  const files = readdirSync('src/cli/commands').map((file) => basename(file, '.ts'));

  expect(COMMANDS.map(({ name }) => name).sort()).toEqual(files.sort());
});

describe('the table of errors', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'errors.ts')
    .map((file) => readFileSync(join('src', file), 'utf8'))
    .join('\n');
  const used = new Set(sources.match(/(?<=['"`])ERR_[A-Z0-9_]+(?=['"`])/g));

  it('has every code that the sources throw', () => {
    const thrown = [...sources.matchAll(/new SslapiError\(\s*'([A-Z_0-9]+)'/g)].map(([, code]) => code!);

    expect(thrown.length).toBeGreaterThan(50);
    expect(thrown.filter((code) => !(code in ERRORS))).toEqual([]);
  });

  it('has none that nothing throws', () => {
    expect(Object.keys(ERRORS).filter((code) => !used.has(code))).toEqual([]);
  });

  it.each(Object.entries(ERRORS))('%s has a next step, in a sentence', (_code, { hint }) => {
    expect(hint).toMatch(/^[A-Z`].*\.$/s);
  });
});

function examplesOf(help: string): string[] {
  const lines = help.slice(help.indexOf('Examples:')).match(/^ {2}\$ .+$/gm) ?? [];
  return lines.map((line) => line.slice(4).split(/ {3,}/)[0]!);
}

function typed(command: string, cwd = home) {
  const env = {
    PATH: `${join(home, 'bin')}:${process.env['PATH']}:/usr/sbin`,
    HOME: home,
    LANG: 'C.UTF-8',
    SSLAPI_CA_PASSWORD: 'right',
  };
  return spawnSync('bash', ['-c', command], {
    cwd,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** A folder of its own for each example, so that none sees what another did. */
function folderFor(name: string): string {
  const above = mkdtempSync(join(home, `${name}-`));
  const folder = join(above, 'work');
  if (name === 'init-ca') mkdirSync(folder);
  else if (name === 'import-ca') execFileSync('cp', ['-a', `${join(home, 'foreign')}/.`, above]);
  else execFileSync('cp', ['-a', NEEDS_CA_ALONE.test(name) ? founded : stocked, folder]);
  if (name === 'init-ca') writeFileSync(join(folder, 'ca.pass'), 'right\n');
  if (name === 'config') typed('sslapi config nginx --out deployed.conf', folder);
  return folder;
}

/** CAs of other programs, and a folder beside them. */
function makeForeignCas(folder: string): void {
  const work = join(folder, 'work');
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, 'old.pass'), 'old\n');
  const demo = new OpensslCa(join(folder, 'demoCA'), 'ec', 'old');
  const plain = new OpensslCa(join(folder, 'plain'), 'ec', null);
  for (const one of [demo, plain]) one.generateCrl();
  copyFileSync(plain.certificate, join(work, 'ca.crt'));
  copyFileSync(plain.key, join(work, 'ca.key'));
  copyFileSync(plain.crl, join(work, 'ca.crl'));
  if (existsSync(EASY_RSA)) easyRsaCa(join(folder, 'easy-rsa'), 'ec', null);
}

const NEEDS_CA_ALONE = /^issue-|csr$/;
