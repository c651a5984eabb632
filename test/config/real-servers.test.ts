import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { findTarget } from '../../src/config/targets.js';
import { peer } from '../peers/peer.js';
import { FORGED } from './forged-headers.js';
import { makeOpensslPki, type OpensslPki } from './openssl-pki.js';
import { ask as askProgram } from './programs.js';
import { REAL_SERVERS, reloadUntilRefused, start } from './real-servers.js';
import { curl, type RunningServer, sClient } from './running-server.js';

/** A folder that a careless configuration breaks at: spaces, quotes, and what means something in one syntax or another. */
const AWKWARD = `my "pki" 'ünï' \\ ; { # % &`;

describe.each(REAL_SERVERS)('$target, configured by us', (real) => {
  const there = peer(real.program) && peer('openssl') && peer('curl');
  let pki: OpensslPki;
  let server: RunningServer | undefined;

  beforeEach(() => {
    pki = makeOpensslPki(AWKWARD);
  });
  afterEach(async () => {
    await server?.stop();
    pki.remove();
  });
  const run = async (wishes: Partial<ConfigRequest> = {}, change?: (configuration: string) => string) => {
    server = await start(real, pki, wishes, change);
    return server;
  };
  const caller = (client: 'alice' | 'bob' | 'none') => ({
    ca: join(pki.folder, 'root.crt'),
    ...(client !== 'none' && {
      cert: join(pki.folder, `${client}.crt`),
      key: join(pki.folder, `${client}.key`),
    }),
  });
  const ask = (...args: Parameters<typeof curl> extends [unknown, unknown, ...infer Rest] ? Rest : never) =>
    curl(pki, server!.port, ...args);

  describe.runIf(there)('at either level', () => {
    it.each(['modern', 'intermediate'] as const)(
      '%s: the good client alone gets in, and is named; the versions, the CAs and the word to browsers are right',
      async (level) => {
        await run({ level });

        const good = await ask('alice');
        expect(good).toMatchObject({
          status: 200,
          body: expect.stringContaining('verify: SUCCESS\nsubject: CN=alice\n'),
        });
        expect(good.headers).toMatch(/^strict-transport-security: max-age=63072000\r?$/im);
        for (const client of ['none', 'expired', 'self-signed'] as const) {
          const answer = await ask(client);
          expect({ client, refused: real.refuses(answer), answer }).toMatchObject({ refused: true });
        }
        expect(server!.log()).toMatch(real.saysExpired);

        const older = await ask('alice', '--tls-max', '1.2');
        if (level === 'modern') return expect(older).toMatchObject({ status: 0 });
        expect(older).toMatchObject({ status: 200, body: expect.stringMatching(/TLSv?1\.2/i) });
        expect(await ask('alice', '--tls-max', '1.1', '--ciphers', 'DEFAULT@SECLEVEL=0')).toMatchObject({
          status: 0,
        });
        const { output } = await sClient(pki, server!.port, 'alice', '-tls1_2', []);
        const names = /Acceptable client certificate CA names\n([\s\S]*?)\n(?!CN)/.exec(output)?.[1];
        expect(names?.split('\n').sort()).toEqual(
          real.namesCas ?? ['CN = Test Issuing CA', 'CN = Test Root CA'],
        );
      },
    );
  });

  describe.runIf(there && findTarget(real.target).checksRevocation)('a revoked client', () => {
    it.each([
      ['standalone', { standalone: true }],
      ["in a distribution's server, which keeps sessions", { standalone: false }],
    ])('is out after a reload, sessions of before included: %s', async (_where, wishes) => {
      await run(wishes);
      expect((await ask('bob')).status).toBe(200);
      for (const version of ['-tls1_2', '-tls1_3'] as const) {
        const before = await sClient(pki, server!.port, 'bob', version, [
          '-sess_out',
          `bob${version}.session`,
        ]);
        expect(before).toMatchObject({ status: 200 });
      }

      pki.revoke('bob');
      expect(await reloadUntilRefused(real, server!, pki, 'bob')).toBe(true);

      for (const version of ['-tls1_2', '-tls1_3'] as const) {
        const session = `bob${version}.session`; // there is none where the server gave none to keep
        const kept = existsSync(join(pki.folder, session)) ? ['-sess_in', session] : [];
        const after = await sClient(pki, server!.port, 'bob', version, kept);
        expect({ version, after }).toMatchObject({
          after: { reused: false, status: expect.not.toBeOneOf([200]) },
        });
      }
      expect((await ask('alice')).status).toBe(200);
    });

    // What the template's two lines are for; and that the test above would see it.
    it.runIf(real.target === 'nginx')(
      'would get in by an old session, were sessions kept over a reload',
      async () => {
        await run({}, (configuration) =>
          configuration.replace('ssl_session_cache off;', 'ssl_session_cache shared:kept:1m;'),
        );
        await sClient(pki, server!.port, 'bob', '-tls1_2', ['-sess_out', 'bob.session']);

        pki.revoke('bob');
        expect(await reloadUntilRefused(real, server!, pki, 'bob')).toBe(true);

        const after = await sClient(pki, server!.port, 'bob', '-tls1_2', ['-sess_in', 'bob.session']);
        expect(after).toMatchObject({ reused: true, status: 200 });
      },
    );

    it('everyone is out when the CRLs have expired', async () => {
      await run();
      expect((await ask('alice')).status).toBe(200);

      pki.expireCrls();
      expect(await reloadUntilRefused(real, server!, pki, 'alice')).toBe(true);
    });
  });

  describe.runIf(there)('with client authentication', () => {
    it('optional: strangers may come in nameless, bad certificates may not', async () => {
      await run({ clientAuth: 'optional' });

      expect(await ask('none')).toMatchObject({
        status: 200,
        body: expect.stringContaining('verify: NONE\nsubject: \n'),
      });
      expect(await ask('alice')).toMatchObject({
        status: 200,
        body: expect.stringContaining('subject: CN=alice\n'),
      });
      expect(real.refuses(await ask('expired'))).toBe(true);
      expect(real.refuses(await ask('self-signed'))).toBe(true);
    });

    it('off: no certificate is asked for', async () => {
      await run({ clientAuth: 'off' });

      expect(await ask('none')).toMatchObject({ status: 200 });
      const { output } = await sClient(pki, server!.port, 'alice', '-tls1_2', []);
      expect(output).toContain('No client certificate CA names sent');
    });
  });

  describe.runIf(there)('in front of an upstream', () => {
    let upstream: Server;
    let seen: IncomingHttpHeaders[] = [];
    beforeAll(async () => {
      upstream = createServer((request, response) => {
        seen.push(request.headers);
        response.end('from the upstream');
      });
      await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    });
    afterAll(() => upstream.close());
    const runInFront = (wishes: Partial<ConfigRequest> = {}) => {
      seen = [];
      const { port } = upstream.address() as { port: number };
      return run({ ...wishes, upstream: `http://127.0.0.1:${port}` });
    };

    it('passes on who the client is', async () => {
      await runInFront();

      expect(await ask('alice')).toMatchObject({ status: 200, body: 'from the upstream' });

      expect(seen).toMatchObject([
        {
          'x-ssl-client-verify': 'SUCCESS',
          'x-ssl-client-subject': 'CN=alice',
          'x-ssl-client-issuer': 'CN=Test Issuing CA',
          'x-ssl-client-serial': expect.stringMatching(/^(?:[0-9A-F]{38,40}|\d{44,49})$/i),
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-proto': 'https',
        },
      ]);
      expect(seen[0]!['x-ssl-client-fingerprint']).toBe(fingerprintOf(real.target));
    });

    /** nginx knows SHA-1 alone, and Apache none. */
    const fingerprintOf = (target: string): string | undefined => {
      if (target === 'apache') return undefined;
      const certificate = new X509Certificate(readFileSync(join(pki.folder, 'alice.crt')));
      const fingerprint = target === 'nginx' ? certificate.fingerprint : certificate.fingerprint256;
      return fingerprint.replaceAll(':', '').toLowerCase();
    };

    it.each(['require', 'optional', 'off'] as const)(
      'lets no forged header of identity through: %s',
      async (clientAuth) => {
        await runInFront({ clientAuth });
        const client = clientAuth === 'require' ? 'alice' : 'none';

        const answer = await ask(client, ...forged(FORGED));
        expect(answer).toMatchObject({ status: 200 });
        const spelled = [
          ...FORGED.map((name) => name.replaceAll('-', '_')),
          'X-SSL_Client-Verify',
          'X_SSL-Client_Subject',
        ];
        for (const name of spelled)
          await askProgram(server!.port, caller(client), { headers: { [name]: 'forged' } });

        expect(seen.length).toBeGreaterThan(0);
        expect(seen.filter((headers) => JSON.stringify(headers).includes('forged'))).toEqual([]);
        await ask('alice', '--http1.1', '-H', `Connection: close, ${IDENTITY.join(', ')}`);
        const named = { 'x-ssl-client-verify': 'SUCCESS', 'x-ssl-client-subject': 'CN=alice' };
        const told = { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' };
        expect(seen.at(-1)).toMatchObject({ ...told, ...(clientAuth !== 'off' && named) });
        if (clientAuth === 'optional') expect(seen[0]).toMatchObject({ 'x-ssl-client-verify': 'NONE' });
        if (clientAuth === 'off') expect(seen[0]).not.toHaveProperty('x-ssl-client-verify');
      },
    );

    it.runIf(REAL_SERVERS.indexOf(real) < 3)(
      'keeps the places of its examples for whom they are',
      async () => {
        const { port } = upstream.address() as { port: number };
        await run({ clientAuth: 'optional', upstream: `http://127.0.0.1:${port}` }, withExamples);
        const status = async (client: 'alice' | 'bob' | 'none', path: string) => {
          return (await askProgram(server!.port, caller(client), { path })).status;
        };

        expect(await status('alice', '/admin')).toBe(200);
        for (const path of ADMIN) {
          expect({ path, status: await status('bob', path) }).toEqual({
            path,
            status: expect.toBeOneOf([400, 403, 404]),
          });
          expect(await status('none', path)).toBeOneOf([400, 403, 404]);
        }
        expect(await status('bob', '/members/x')).toBe(200);
        expect(await status('none', '/members/x')).toBe(403);
        expect(await status('none', '/x')).toBe(200);
      },
    );

    it.runIf(findTarget(real.target).limitsClients)('limits each client by its subject', async () => {
      const { port } = upstream.address() as { port: number };
      await run({ upstream: `http://127.0.0.1:${port}` }, (configuration) => {
        const few = configuration
          .replace('rate=100r/s', 'rate=1r/m')
          .replace('burst=200', 'burst=4')
          .replace('gt 1000 }', 'gt 5 }');
        expect(few).not.toBe(configuration);
        return few;
      });

      const statuses = [];
      for (let count = 0; count < 8; count += 1) statuses.push((await ask('alice')).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429]);
      expect(await ask('bob')).toMatchObject({ status: 200 });
    });

    it('answers more than a client may ask with 413 instead of passing it on', async () => {
      await runInFront();

      writeFileSync(join(pki.folder, 'large'), Buffer.alloc(2 * 1024 * 1024));
      const answer = await ask('alice', '--data-binary', '@large', '--http1.1');
      expect(answer).toMatchObject({ status: 413 });
      expect(seen).toEqual([]);
    });
  });
});

/** A configuration with the rules in it that stand there as examples. */
function withExamples(configuration: string): string {
  return configuration.replaceAll(
    /^( *)# ((?: *)(?:location |if |proxy_pass |\}|<\/?Location|Require |http-request deny).*)$/gm,
    '$1$2',
  );
}

/** Paths that an application may read as /admin, or as what lies below it. */
const ADMIN = [
  '/admin',
  '/admin/',
  '/admin/x',
  '//admin',
  '/%61dmin',
  '/x/../admin',
  '/./admin',
  '/x/%2e%2e/admin',
];
/** Taken away with each other field that Connection names, by who follows RFC 9110 §7.6.1 too late. */
const IDENTITY = ['X-SSL-Client-Verify', 'X-SSL-Client-Subject', 'X-Real-IP', 'X-Forwarded-For'];

function forged(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => ['-H', `${name}: forged`]);
}
