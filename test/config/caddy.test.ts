import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderConfig } from '../../src/config/render.js';
import { presentedCredential } from '../../src/credentials/presented-credential.js';
import { checkConfig } from '../../src/loop/check-config.js';
import { CONFIG_LEVELS, type ConfigLevel, policyOf } from '../../src/policy/policies.js';
import { probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import { peer } from '../peers/peer.js';
import { makeProbePki } from '../probe/probe-pki.js';
import { makeOpensslPki, type OpensslPki } from './openssl-pki.js';
import { REAL_SERVERS, start } from './real-servers.js';
import { curl, type RunningServer, sClient } from './running-server.js';

const caddy = REAL_SERVERS.find(({ target }) => target === 'caddy')!;
const there = peer('caddy') && peer('openssl') && peer('curl');

describe.runIf(there)('Caddy, configured by us, under the whole proof', () => {
  let reports: Record<ConfigLevel, ProbeReport>;
  beforeAll(async () => {
    const [modern, intermediate] = await Promise.all(CONFIG_LEVELS.map(prove));
    reports = { modern: modern!, intermediate: intermediate! };
  });

  it.each(CONFIG_LEVELS)('%s: lets in who was revoked, and nobody else', (level) => {
    const { proof, verdict } = reports[level];

    const failed = proof!.filter(({ status }) => status === 'fail').map(({ credential }) => credential);
    expect([...new Set(failed)].sort()).toEqual(['revoked', 'revoked-latest']);
    expect(verdict).toBe('fail');
    const others = proof!.filter(
      ({ expected, status, evidence }) =>
        expected !== 'either' && status !== 'pass' && status !== 'fail' && !EXCUSED.test(evidence),
    );
    expect(others).toEqual([]);
    for (const id of ['good', 'none', 'self-signed', 'rogue-ca', 'expired', 'spoofed-header', 'plain-http'])
      expect(new Set(statuses(reports[level], id))).toEqual(new Set(['pass']));
  });

  it.each(CONFIG_LEVELS)('%s: gives the scan nothing to find that a configuration could change', (level) => {
    const failed = reports[level].checks.filter(({ status }) => status === 'fail').map(({ id }) => id);

    expect(caddy.ownFindings).toEqual(expect.arrayContaining(failed));
    expect(reports[level].checks.find(({ id }) => id === 'policy-protocols')).toMatchObject({
      status: 'pass',
    });
  });
});

async function prove(level: ConfigLevel): Promise<ProbeReport> {
  const { ca, served, close } = await makeProbePki({ name: 'Caddy' });
  try {
    await ca.issueServer({
      commonName: 'short',
      validityDays: 80, // what modern asks for
      subjectAltName: [{ type: 'dNSName', value: 'localhost' }],
    });
    await ca.issueClient({ commonName: 'alice' });
    const { certificate } = await ca.issueClient({ commonName: 'mallory' });
    await ca.revoke(await ca.find(certificate.serialNumber), { reason: 'keyCompromise' });
    const { fullchain, privkey } = ca.filesOf({ name: 'short', folder: null });
    const alice = ca.filesOf({ name: 'alice', folder: null });
    const files = { ...served.files, fullchain, privkey: privkey! };
    const server = await start(caddy, served, { level, files });
    try {
      return await probe(`localhost:${server.port}`, {
        ca,
        client: await presentedCredential(readFileSync(alice.fullchain), readFileSync(alice.privkey!)),
        policy: policyOf(level),
        proveMtls: true,
        timeoutMs: 20_000,
      });
    } finally {
      await server.stop();
    }
  } finally {
    await close();
  }
}

const statuses = ({ proof }: ProbeReport, id: string) =>
  proof!.filter(({ credential }) => credential === id).map(({ status }) => status);

/** It trusts the issuing CA alone, so that no intermediate made a moment ago gets in; and it does give sessions. */
const EXCUSED = /refused, but so is its faultless twin|strangers are given no session to resume/;

describe.runIf(there)('Caddy, configured by us', () => {
  let pki: OpensslPki;
  let server: RunningServer | undefined;
  beforeAll(() => {
    pki = makeOpensslPki(`my "pki" 'ünï' \\ ; { # % &`);
  });
  afterEach(async () => server?.stop());
  afterAll(() => pki.remove());
  const run = async (wishes: Partial<ConfigRequest>, change?: (configuration: string) => string) => {
    server = await start(caddy, pki, wishes, change);
    return server.port;
  };
  const ask = (...args: Parameters<typeof curl> extends [unknown, unknown, ...infer Rest] ? Rest : never) =>
    curl(pki, server!.port, ...args);

  it('keeps out whom its rules name: by serial number, by subject, by having none', async () => {
    const serial = execFileSync('openssl', ['x509', '-in', 'bob.crt', '-noout', '-serial'], {
      cwd: pki.folder,
      encoding: 'utf8',
    });
    const decimal = BigInt(`0x${serial.trim().split('=')[1]}`).toString();
    await run({ clientAuth: 'optional' }, (text) =>
      withExamples(text).replace('1234567890 2345678901', `1234567890 ${decimal}`),
    );
    const to = (path: string) => `https://localhost:${server!.port}${path}`;

    expect(await ask('alice')).toMatchObject({ status: 200 });
    expect(await ask('bob')).toMatchObject({ status: 403 });
    expect(await ask('none')).toMatchObject({ status: 200 });
    for (const path of ['/admin', '/admin/x', '//admin', '/ADMIN/x', '/%61dmin/', '/x/../admin']) {
      expect([path, (await ask('none', '--path-as-is', to(path))).status]).toEqual([path, 403]);
      expect([path, (await ask('alice', '--path-as-is', to(path))).status]).toEqual([path, 200]);
    }
    expect(await ask('none', to('/members/'))).toMatchObject({ status: 403 });
    expect(await ask('alice', to('/members/'))).toMatchObject({ status: 200 });
  });

  it('lets nobody in by the name of another site, whatever is said for all sites', async () => {
    const port = await run({}, (text) => {
      const [, tls] = /^ {4}tls (.*) \{$/m.exec(text)!;
      const open = text.replace('servers {', 'servers {\n        strict_sni_host insecure_off');
      return `${open}\nhttps://other.test:${/localhost:(\d+)/.exec(text)![1]} {\n bind 127.0.0.1\n tls ${tls}\n respond "other"\n}\n`;
    });

    const asOther = ['-k', '--resolve', `other.test:${port}:127.0.0.1`, `https://other.test:${port}/`];
    expect(await ask('none', ...asOther)).toMatchObject({ status: 200, body: 'other' });
    expect(await ask('none', ...asOther, '-H', `Host: localhost:${port}`)).toMatchObject({ status: 403 });
  });

  it('hands the whole certificate on, where that line is taken in, and lets no client take a name away', async () => {
    const seen: IncomingHttpHeaders[] = [];
    const upstream = createServer((request, response) => {
      seen.push(request.headers);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(upstream, 'listening');
    try {
      const { port } = upstream.address() as AddressInfo;
      await run({ upstream: `http://127.0.0.1:${port}` }, (text) =>
        text.replace('# header_up Client-Cert', 'header_up Client-Cert'),
      );

      await ask('alice', '--http1.1', '-H', 'Connection: close, X-SSL-Client-Subject, Client-Cert');

      const der = execFileSync('openssl', ['x509', '-in', 'alice.crt', '-outform', 'DER'], {
        cwd: pki.folder,
      });
      expect(seen).toMatchObject([
        { 'x-ssl-client-subject': 'CN=alice', 'client-cert': `:${der.toString('base64')}:` },
      ]);
    } finally {
      upstream.close();
    }
  });

  it('speaks to no upstream whose certificate is not of the CA', async () => {
    const upstream = (certificate: string) =>
      createHttps(
        {
          cert: readFileSync(join(pki.folder, `${certificate}.crt`)),
          key: readFileSync(join(pki.folder, `${certificate}.key`)),
        },
        (_, response) => response.end('from behind'),
      ).listen(0, '127.0.0.1');
    const good = upstream('server');
    const stranger = upstream('self-signed');
    await Promise.all([good, stranger].map((behind) => behind.listening || once(behind, 'listening')));
    try {
      for (const [behind, status] of [
        [good, 200],
        [stranger, 502],
      ] as const) {
        await run({ upstream: `https://localhost:${(behind.address() as AddressInfo).port}` });
        expect(await ask('alice')).toMatchObject({ status });
        await server!.stop();
      }
    } finally {
      good.close();
      stranger.close();
    }
  });

  it('shows a renewed certificate after a reload that is forced, and no other', async () => {
    const socket = join(mkdtempSync(join(tmpdir(), 'sslapi-caddy-')), 'admin');
    try {
      const port = await run({ standalone: false }, (text) =>
        text.replace('admin off', `admin unix/${socket}`),
      );
      const shown = async () => {
        const { output } = await sClient(pki, port, 'alice', '-tls1_3', []);
        return /BEGIN CERTIFICATE-----\n([\s\S]*?)-----END/.exec(output)?.[1];
      };
      const reload = (...flags: readonly string[]) =>
        execFileSync(
          'caddy',
          [
            'reload',
            '--adapter',
            'caddyfile',
            '--config',
            'caddy.conf',
            '--address',
            `unix/${socket}`,
            ...flags,
          ],
          { cwd: pki.folder, stdio: 'pipe' },
        );
      const before = await shown();
      const renewed = pki.renewed();
      copyFileSync(renewed.fullchain, pki.files.fullchain);
      copyFileSync(renewed.privkey, pki.files.privkey);

      reload();
      expect(await shown()).toBe(before);
      reload('--force');
      expect(await shown()).not.toBe(before);
      expect(await ask('alice')).toMatchObject({ status: 200 });
    } finally {
      rmSync(dirname(socket), { recursive: true, force: true });
    }
  });

  it('is checked by Caddy itself', async () => {
    const request = requestFor(pki);
    for (const wishes of [
      {},
      { clientAuth: 'optional', upstream: 'https://[::1]:9000' },
      { clientAuth: 'off', listen: { host: '*', port: 443 } },
      { level: 'modern', serverName: '*.api.test', listen: { host: '::1', port: 8443 } },
    ] as const)
      expect(await checkConfig({ ...request, ...wishes })).toMatchObject({
        ok: true,
        command: 'caddy validate --adapter caddyfile --config caddy.conf',
      });

    const othersKey = { ...pki.files, privkey: join(pki.folder, 'alice.key') };
    const check = await checkConfig({ ...request, files: othersKey });
    expect(check).toMatchObject({ ok: false });
    expect(check.output.join('\n')).toMatch(/private key does not match public key/);
  });
});

/** With every example of a rule taken in. */
function withExamples(text: string): string {
  const lines = text.split('\n').map((line) => {
    const example = /^( *)# ( *(?:@\w+ |respond @|path \/|not vars|\}).*)$/.exec(line);
    return example === null ? line : `${example[1]}${example[2]}`;
  });
  return lines.join('\n');
}

const requestFor = ({ files }: Pick<OpensslPki, 'files'>): ConfigRequest => ({
  target: 'caddy',
  level: 'intermediate',
  clientAuth: 'require',
  serverName: 'localhost',
  listen: { host: '127.0.0.1', port: 8443 },
  files,
  standalone: false,
});

describe('a path for Caddy', () => {
  const written = (path: string) => () => {
    const files = { fullchain: path, privkey: '/k', caChain: '/a', crlChain: '/r' };
    return /^ {4}tls (.*) `\/k` \{$/m.exec(renderConfig(requestFor({ files })))?.[1];
  };

  it.each([
    ['/pki/a "b" \\ c', '`/pki/a "b" \\ c`'],
    ['/pki/a`b"c', '"/pki/a`b\\"c"'],
    ['/pki/{x', '`/pki/{x`'],
  ])('%j is written so that it is read back', (path, quoted) => expect(written(path)()).toBe(quoted));

  it.each(['/pki/{x}/a', '/pki/{$HOME', '/pki/`a\\"b', '/pki/`a\\'])('%j is refused', (path) =>
    expect(written(path)).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_VALUE' })),
  );

  it('is no use for a server that is called by its address', () => {
    const request = {
      ...requestFor({ files: { fullchain: '/c', privkey: '/k', caChain: '/a', crlChain: '/r' } }),
    };

    for (const serverName of ['127.0.0.1', '::1'])
      expect(() => renderConfig({ ...request, serverName })).toThrow(
        expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
      );
    expect(renderConfig({ ...request, serverName: '::1', clientAuth: 'off' })).toContain(
      'https://[::1]:8443 {',
    );
  });
});
