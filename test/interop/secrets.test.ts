import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../build.js';
import { type Ran, Workplace } from './sslapi.js';

const PASSWORD = 'a-secret-that-nobody-shall-see';
const WRONG = 'another-secret-that-nobody-shall-see';

let place: Workplace;
const runs: Ran[] = [];
const processes = new Set<string>();
beforeAll(async () => {
  build();
  place = new Workplace();
  writeFileSync(place.at('password'), PASSWORD);
  writeFileSync(place.at('wrong'), WRONG);
  const password = ['--password-file', 'password'];
  await watched(['init-ca', '-v', ...password]);
  await watched(['issue-server', 'api.test', '-v', ...password]);
  await watched(['issue-client', 'alice', '--json'], { SSLAPI_CA_PASSWORD: PASSWORD });
  await watched(['issue-client', 'bob', '--encrypt-key', '--key-password-file', 'password', ...password]);
  await watched(['issue-client', 'eve', '--password-file', 'wrong'], { SSLAPI_DEBUG: '1' });
  await watched(['csr', 'carol', '--json']);
  await watched(['revoke', 'alice', '-v', '--json', ...password]);
  await watched(['gen-crl', '-v', ...password]);
  await watched(['list', '--json']);
  await watched(['config', 'nginx']);
  await watched(['path', 'api.test', '--json']);
});
afterAll(() => place.remove());

describe('keys and passwords', () => {
  it('the commands did what they were asked, and the wrong password was refused', () => {
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0]);
  });

  it('are in no output, log or error', () => {
    const told = runs.map(({ stdout, stderr }) => stdout + stderr).join('\n');

    expect(secrets().filter((secret) => told.includes(secret))).toEqual([]);
    expect(told).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY/);
  });

  it('are in no arguments, which everybody on the machine can read', () => {
    expect(processes.size).toBeGreaterThan(runs.length / 2);
    expect([...processes].filter((line) => secrets().some((secret) => line.includes(secret)))).toEqual([]);
  });

  it('are not in the store, nor the password in any file of ours', () => {
    const files = readdirSync(place.at('pki'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`);
    const store = readFileSync(place.at('pki/sslapi.db'), 'latin1');

    expect(files.filter((path) => readFileSync(path, 'latin1').includes(PASSWORD))).toEqual([]);
    expect(secrets().filter((secret) => store.includes(secret))).toEqual([]);
    expect(store).not.toContain('PRIVATE KEY');
  });
});

/** The passwords, and a line out of the middle of every private key. */
function secrets(): string[] {
  const keys = [
    ...['carol.key', 'pki/private/root.key', 'pki/private/issuing.key'],
    ...['api.test', 'bob'].map((name) => `pki/issued/${name}/privkey.pem`),
  ];
  return [PASSWORD, WRONG, ...keys.map((path) => readFileSync(place.at(path), 'utf8').split('\n')[2]!)];
}

/** Runs a command and looks at its arguments and those of its children while it does. */
async function watched(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<void> {
  const running = place.run(args, env);
  const timer = setInterval(() => {
    for (const line of commandLines()) if (line.includes('sslapi')) processes.add(line);
  }, 10);
  runs.push(await running.finally(() => clearInterval(timer)));
}

function commandLines(): string[] {
  return readdirSync('/proc').flatMap((entry) => {
    try {
      return /^\d+$/.test(entry) ? [readFileSync(`/proc/${entry}/cmdline`, 'utf8')] : [];
    } catch {
      return []; // it has ended meanwhile
    }
  });
}
