import { chmodSync, copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { checkConfig } from '../../src/loop/check-config.js';
import { makeOpensslPki, type OpensslPki } from '../config/openssl-pki.js';
import { giveToPostgres, isPostgresThere, open } from '../config/postgres.js';
import { peer } from '../peers/peer.js';

let pki: OpensslPki;
beforeAll(() => {
  pki = makeOpensslPki(`my "pki" 'ünï' \\ ; { # % &`);
});
afterAll(() => pki.remove());

const request = (wishes: Partial<ConfigRequest> = {}): ConfigRequest => ({
  target: 'nginx',
  level: 'intermediate',
  clientAuth: 'require',
  serverName: 'localhost',
  listen: { host: '127.0.0.1', port: 8443 },
  files: pki.files,
  standalone: false,
  ...wishes,
});

describe.each([
  ['nginx', 'nginx'],
  ['apache', 'apache2'],
  ['haproxy', 'haproxy'],
])('the check by %s', (target, program) => {
  const there = peer(program) && peer('openssl');

  it.runIf(there).each([
    ['modern', {}],
    ['intermediate', {}],
    ['intermediate', { clientAuth: 'optional' }],
    ['intermediate', { clientAuth: 'off' }],
    ['modern', { upstream: 'http://127.0.0.1:9000' }],
    ['modern', { upstream: 'https://[::1]:9000', clientAuth: 'optional' }],
    ['modern', { standalone: true, serverName: '10.0.0.7' }],
    ['modern', { listen: { host: '203.0.113.1', port: 443 }, serverName: 'api.test' }],
  ] as const)('says yes to %s with %j, without a word', async (level, wishes) => {
    const check = await checkConfig(request({ target, level, ...wishes }));

    expect(check).toMatchObject({ ok: true, command: expect.stringContaining(`${target}.conf`) });
    expect(check.output.filter((line) => /warn|alert|error/i.test(line))).toEqual([]);
  });

  it.runIf(there)('says no where a file is missing, and names it', async () => {
    const files = { ...pki.files, crlChain: join(pki.folder, 'no-such-crl.pem') };

    const check = await checkConfig(request({ target, files }));

    expect(check.ok).toBe(false);
    expect(check.output.join('\n')).toContain('no-such-crl.pem');
    expect(check.output.join('\n')).not.toContain('sslapi-check-');
  });
});

describe('the check', () => {
  it.runIf(peer('nginx'))("says no where the key is not the certificate's", async () => {
    const check = await checkConfig(
      request({ files: { ...pki.files, privkey: join(pki.folder, 'alice.key') } }),
    );

    expect(check).toMatchObject({
      ok: false,
      output: expect.arrayContaining([expect.stringContaining('key values mismatch')]),
    });
  });

  it.runIf(peer('nginx'))('takes an IPv6 address and a wildcard for a name', async () => {
    for (const serverName of ['2001:db8::1', '*.api.test']) {
      expect(await checkConfig(request({ serverName }))).toMatchObject({ ok: true });
    }
  });

  it('fails where none of the names that the server goes by is installed', async () => {
    const asked: string[] = [];
    const nowhere = async (program: string) => {
      asked.push(program);
      return { kind: 'absent' as const, program };
    };

    await expect(checkConfig(request({ target: 'apache' }), nowhere)).rejects.toMatchObject({
      code: 'ERR_SERVER_ABSENT',
      exitCode: 3,
    });
    expect(asked).toEqual(['apache2', 'httpd']);
  });

  it.each([
    [
      { kind: 'timeout', timeoutMs: 30_000, stdout: '', stderr: '', truncated: false },
      'did not answer within 30 seconds',
    ],
    [{ kind: 'not-run', program: 'nginx', why: 'EACCES' }, 'cannot be run: EACCES'],
  ] as const)('fails with the reason where the server gives no answer: %j', async (result, why) => {
    await expect(checkConfig(request(), async () => result)).rejects.toMatchObject({
      code: 'ERR_PROGRAM_FAILED',
      exitCode: 3,
      message: `nginx ${why}`,
    });
  });

  it.runIf(peer('stunnel') && peer('openssl'))('by stunnel starts it for a moment', async () => {
    const stunnel = (wishes: Partial<ConfigRequest> = {}) =>
      checkConfig(request({ target: 'stunnel', ...wishes }));

    expect(await stunnel()).toMatchObject({
      ok: true,
      command: expect.stringMatching(/^stunnel .*stunnel\.conf$/),
    });
    expect(
      await stunnel({ clientAuth: 'optional', level: 'modern', listen: { host: '*', port: 443 } }),
    ).toMatchObject({
      ok: true,
    });
    const files = { ...pki.files, crlChain: join(pki.folder, 'no-such-crl.pem') };
    const refused = await stunnel({ files });
    expect(refused.ok).toBe(false);
    expect(refused.output.join('\n')).toContain('no-such-crl.pem');
  });

  describe.runIf(isPostgresThere() && peer('openssl'))('by PostgreSQL', () => {
    const privkey = () => join(pki.folder, 'for-postgres.key');
    beforeAll(() => {
      open(pki.folder, dirname(pki.folder));
      copyFileSync(pki.files.privkey, privkey());
      giveToPostgres(privkey());
    });
    const ask = (wishes: Partial<ConfigRequest> = {}) => {
      const files = { ...pki.files, privkey: privkey(), ...wishes.files };
      return checkConfig(request({ target: 'postgres', ...wishes, files }));
    };

    it('starts it for a moment on a new database, as a user who is not root', async () => {
      expect(await ask()).toMatchObject({ ok: true, command: expect.stringMatching(/postgres -D FOLDER$/) });
      expect(
        await ask({ clientAuth: 'off', level: 'modern', listen: { host: '*', port: 5432 } }),
      ).toMatchObject({
        ok: true,
      });
    });

    it('says no where a file is missing, and where others could read the key', async () => {
      const missing = await ask({
        files: { ...pki.files, privkey: privkey(), crlChain: join(pki.folder, 'no-crl.pem') },
      });
      expect(missing.ok).toBe(false);
      expect(missing.output.join('\n')).toContain('no-crl.pem');
      expect(missing.hint).toBeUndefined();

      chmodSync(privkey(), 0o644);
      const open = await ask();
      expect(open.ok).toBe(false);
      expect(open.output.join('\n')).toMatch(/private key file .* has group or world access/);
    });

    it.runIf(process.getuid?.() === 0)('says what helps where it may not read the files', async () => {
      const files = { ...pki.files, privkey: join(pki.folder, 'for-root.key') };
      copyFileSync(pki.files.privkey, files.privkey);
      chmodSync(files.privkey, 0o600);

      const refused = await ask({ files });

      expect(refused).toMatchObject({
        ok: false,
        hint: expect.stringContaining('install -o postgres -m 600'),
      });
    });
  });

  it('leaves nothing behind', async () => {
    const own = mkdtempSync(join(tmpdir(), 'sslapi-left-')); // others check configurations at the same time
    vi.stubEnv('TMPDIR', own);
    try {
      let seen: string[] = [];
      await checkConfig(request(), async () => {
        seen = readdirSync(own);
        return { kind: 'exited', code: 0, stdout: '', stderr: '', truncated: false };
      });

      expect(seen).toEqual([expect.stringMatching(/^sslapi-check-/)]);
      expect(readdirSync(own)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(own, { recursive: true });
    }
  });
});
