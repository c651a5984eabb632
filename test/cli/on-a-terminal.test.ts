import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../build.js';
import { peer } from '../peers/peer.js';
import { onTerminal } from '../ui/on-terminal.js';

let home: string;
let folder: string;
beforeAll(build);
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'sslapi-cli-'));
  folder = join(home, 'acme');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'program.mjs'),
    `import { writeFileSync } from 'node:fs';
    process.on('exit', (code) => writeFileSync('exit-code', String(code)));
    await import(${JSON.stringify(resolve('bin/sslapi.js'))});`,
  );
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe.skipIf(!peer('expect'))('on a terminal', () => {
  it('init-ca asks for a name, with the folder as default, and twice for a password', () => {
    const typed = [
      'expect "be called"',
      'send "\\r"',
      'expect "password for the keys"',
      'send "s3cret\\r"',
      'expect "same again"',
      'send "s3cret\\r"',
    ];

    const { screen, stdout } = onTerminal(folder, 'init-ca', ...typed);

    expect(stdout).toMatch(/^root: +CN=acme Root CA /);
    expect(screen + stdout).not.toContain('s3cret');
    expect(readFileSync(join(folder, 'pki/private/issuing.key'), 'utf8')).toContain('ENCRYPTED');
  });

  it.each([
    ['the name', ['expect "be called"', 'send "\\003"']],
    ['the password', ['expect "be called"', 'send "\\r"', 'expect "password for"', 'send "\\003"']],
  ])('Ctrl-C at %s is 130, and nothing was begun', (_question, typed) => {
    const { screen } = onTerminal(folder, 'init-ca', ...typed);

    expect(readFileSync(join(folder, 'exit-code'), 'utf8')).toBe('130');
    expect(screen).toContain('ERR_INTERRUPTED');
    expect(existsSync(join(folder, 'pki'))).toBe(false);
  });

  it('export asks twice for the password of a PKCS#12 file, and shows it nowhere', () => {
    sslapi('init-ca --no-password');
    sslapi('issue-client alice');
    const typed = (text: string) => [`send "${text}\\r"`];

    const { screen, stdout } = onTerminal(
      folder,
      'export alice --out a.p12',
      'expect "password for the PKCS#12 file"',
      ...typed('s3cret'),
      'expect "same again"',
      ...typed('s3cret'),
    );

    expect(stdout).toBe('a.p12\n');
    expect(screen + stdout).not.toContain('s3cret');
    const words = ['pkcs12', '-in', join(folder, 'a.p12'), '-noout', '-passin', 'pass:s3cret'];
    expect(spawnSync('openssl', words).status).toBe(0);
  });

  it('sign-csr shows the request and asks; Enter signs nothing, y does', () => {
    sslapi('init-ca --no-password');
    sslapi('csr api.test --san api.test');

    const no = onTerminal(folder, 'sign-csr api.test.csr --profile server', 'expect "Sign it"', 'send "\\r"');
    const kept = readdirSync(join(folder, 'pki/issued'));
    const yes = onTerminal(
      folder,
      'sign-csr api.test.csr --profile server',
      'expect "Sign it"',
      'send "y\\r"',
    );

    expect(no.screen).toContain('names DNS:api.test');
    expect([no.stdout, kept]).toEqual(['', []]);
    expect(yes.stdout).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('the password of the CA is asked for, and a wrong one signs nothing', () => {
    writeFileSync(join(folder, 'pass'), 'right\n');
    sslapi('init-ca --password-file pass');

    const { screen } = onTerminal(
      folder,
      'issue-client bob',
      'expect "password of the CA"',
      'send "wrong\\r"',
    );

    expect(screen).toContain('ERR_PASSWORD_WRONG');
    expect(screen).not.toContain('wrong\r');
    expect(readdirSync(join(folder, 'pki/issued'))).toEqual([]);
  });
});

describe.skipIf(process.getuid?.() !== 0 || !peer('setpriv'))(
  "another user's PKI is a matter of permission",
  () => {
    const stranger = 'setpriv --reuid nobody --regid nogroup --clear-groups';

    it.each([
      'list',
      'issue-client eve',
      'revoke bob',
      'gen-crl',
      'path',
      'config nginx',
      'init-ca --no-password',
    ])('%s', (command) => {
      chmodSync(home, 0o755);
      sslapi('init-ca --no-password');

      const { status, stderr } = sslapi(command, stranger);

      expect({ status, stderr }).toEqual({
        status: 3,
        stderr: expect.stringMatching(/^error: .* \(ERR_PERMISSION\)\nhint: Check the owner .*\n$/),
      });
    });
  },
);

function sslapi(command: string, before = '') {
  return spawnSync(
    'bash',
    ['-c', `${before} '${process.execPath}' '${resolve('bin/sslapi.js')}' ${command}`],
    {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
}
