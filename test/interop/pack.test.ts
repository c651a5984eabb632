import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from '../build.js';

const { name, version, dependencies, optionalDependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
);

it('the lock file holds no address of a registry', () => {
  const addresses = readFileSync('package-lock.json', 'utf8').match(/"resolved".*/g) ?? [];

  expect(addresses).toEqual([]);
});

describe.skipIf(!existsSync('src/cli/main.ts'))('as its users get it', () => {
  let folder: string;
  let tarball: string;
  beforeAll(() => {
    build();
    folder = mkdtempSync(join(tmpdir(), 'sslapi-pack-'));
    tarball = join(folder, `${name}-${version}.tgz`);
    run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], '.');
    run('tar', ['-xzf', tarball], folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('npx makes a CA in an empty folder', () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);

    run('npx', ['--yes', '--package', tarball, 'sslapi', 'init-ca', '--no-password'], empty);

    expect(readdirSync(join(empty, 'pki'))).toEqual(
      expect.arrayContaining(['ca.crt', 'ca-chain.crt', 'crl.pem', 'private']),
    );
  });

  it('the package holds what runs and nothing else', () => {
    const allowed = ['LICENSE', 'README.md', 'bin', 'dist', 'package.json', 'templates'];

    expect(readdirSync(join(folder, 'package')).filter((entry) => !allowed.includes(entry))).toEqual([]);
    expect(readdirSync(join(folder, 'package'))).toEqual(
      expect.arrayContaining(['LICENSE', 'bin', 'dist', 'package.json']),
    );
  });

  it('fetches nothing but the native part of libsql, a package for each platform', () => {
    const { optionalDependencies: wanted } = JSON.parse(
      readFileSync('node_modules/libsql/package.json', 'utf8'),
    );

    expect(dependencies).toBeUndefined();
    expect(optionalDependencies).toEqual(wanted);
  });

  it('tells the licence of every package that is bundled in', () => {
    const notices = readFileSync(join(folder, 'package/dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    const untold = ['commander', 'chalk', 'inquirer', 'ora', 'libsql'].filter(
      (each) => !new RegExp(`^${each} \\d.*\\(MIT\\)$`, 'm').test(notices),
    );

    expect(untold).toEqual([]);
  });

  it('has nothing to prepare where there is no source', () => {
    expect(() => run('npm', ['run', 'prepare'], join(folder, 'package'))).not.toThrow();
  });
});

/** Runs it without what the npm that runs these tests put into the environment. */
function run(program: string, args: string[], cwd: string): string {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(npm_|NODE_OPTIONS|INIT_CWD)/i.test(key)),
  );
  return execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
