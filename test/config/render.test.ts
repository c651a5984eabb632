import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderConfig } from '../../src/config/render.js';
import { SCHEDULES } from '../../src/config/schedule.js';
import { findTarget, TARGETS } from '../../src/config/targets.js';

const request = (wishes: Partial<ConfigRequest> = {}): ConfigRequest => ({
  target: 'nginx',
  level: 'modern',
  clientAuth: 'require',
  serverName: 'api.test',
  listen: { host: '0.0.0.0', port: 8443 },
  files: {
    fullchain: '/pki/issued/api.test/fullchain.pem',
    privkey: '/pki/issued/api.test/privkey.pem',
    caChain: '/pki/ca-chain.crt',
    crlChain: '/pki/crl-chain.pem',
  },
  standalone: false,
  ...wishes,
});
const withPath = (path: string) => request({ files: { ...request().files, fullchain: path } });

describe('the targets', () => {
  it('each have a folder of templates, and each folder is a target, a scheduler or the page of the API', () => {
    const folders = readdirSync('templates', { withFileTypes: true }).filter((entry) => entry.isDirectory());

    expect([...TARGETS.map(({ name }) => name), ...SCHEDULES, 'page'].sort()).toEqual(
      folders.map(({ name }) => name).sort(),
    );
  });

  it('are found by name, and an unknown one is answered with all', () => {
    expect(findTarget('nginx').title).toBe('nginx 1.18 or later');
    expect(() => findTarget('ngnix')).toThrow(
      expect.objectContaining({
        code: 'ERR_CONFIG_TARGET_UNKNOWN',
        message: expect.stringContaining('nginx, apache, haproxy'),
      }),
    );
  });
});

describe.each(TARGETS)('a configuration for $name', ({ name: target }) => {
  const wishes: readonly Partial<ConfigRequest>[] = [
    {},
    { upstream: 'http://10.0.0.1:80' },
    { upstream: 'https://app.test' },
  ];
  const { passesOn, upstreamSchemes = ['http', 'https'] } = findTarget(target);
  const all = (['modern', 'intermediate'] as const).flatMap((level) =>
    (['require', 'optional', 'off'] as const).flatMap((clientAuth) =>
      [true, false].flatMap((standalone) =>
        wishes
          .filter(
            ({ upstream }) =>
              upstream === undefined ||
              (passesOn && upstreamSchemes.some((scheme) => upstream.startsWith(`${scheme}:`))),
          )
          .map((wish) => request({ target, level, clientAuth, standalone, ...wish })),
      ),
    ),
  );

  it('has no tag left in it, whatever is asked for', () => {
    for (const one of all) expect(renderConfig(one)).not.toMatch(/\{\{|\}\}|undefined|\[object/);
  });

  it('is the same text for the same request', () => {
    for (const one of all) expect(renderConfig(one)).toBe(renderConfig(one));
  });

  it('has no two blank lines in a row and no white space at the end of a line', () => {
    for (const one of all) expect(renderConfig(one)).not.toMatch(/\n\n\n|[ \t]\n|\n\n$/);
  });

  it('tells an upstream who the client is, and limits each, exactly where its target says so', () => {
    const { passesIdentity = false, limitsClients = false } = findTarget(target);
    const schemes = findTarget(target).upstreamSchemes ?? ['http'];
    const upstream = passesOn ? `${schemes[0]}://10.0.0.1:80` : undefined;
    const text = renderConfig(request({ target, upstream })).replaceAll(/^\s*(?:#|\/\/).*\n/gm, '');

    expect(/X-SSL-Client-Subject|passTLSClientCert/.test(text)).toBe(passesIdentity);
    expect(/ssl_client_s_dn zone|track-sc0 ssl_c_s_dn|requestHeaderName: X-F|429|TooManyReq/.test(text)).toBe(
      limitsClients,
    );
  });

  it('asks for certificates only where client authentication is on', () => {
    const directives = (one: ConfigRequest) => renderConfig(one).replaceAll(/^\s*#.*\n/gm, '');

    expect(directives(request({ target }))).toContain('/pki/ca-chain.crt');
    expect(directives(request({ target })).includes('/pki/crl-chain.pem')).toBe(
      findTarget(target).checksRevocation,
    );
    expect(directives(request({ target, clientAuth: 'off' }))).not.toMatch(/crl-chain|ca-chain/);
  });

  it.each([
    ['a line break', '/pki/a\nb.pem'],
    ['a NUL', '/pki/a\0b.pem'],
    ['a path that depends on the working folder', 'pki/fullchain.pem'],
    ['no path', ''],
  ])('refuses %s', (_what, path) => {
    expect(() => renderConfig({ ...withPath(path), target })).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_VALUE', exitCode: 2 }),
    );
  });

  it.each(['a b', 'a;b', 'a"b', 'a\nb', '{}', '$host', '', '-x', '*', 'a.*.test', '[::1]'])(
    'refuses the server name %j',
    (serverName) =>
      expect(() => renderConfig(request({ target, serverName }))).toThrow(
        expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
      ),
  );

  it.each(['127.0.0.1;', 'a b', '', '::1%eth0', '$x'])('refuses the address to listen on %j', (host) =>
    expect(() => renderConfig(request({ target, listen: { host, port: 443 } }))).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
    ),
  );

  it.each([0, 65_536, 1.5, Number.NaN, -1])('refuses the port %s', (port) =>
    expect(() => renderConfig(request({ target, listen: { host: '*', port } }))).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
    ),
  );

  it.each([
    'ftp://a.test',
    'http://a.test/path',
    'http://u:p@a.test',
    'http://a;b',
    'http://a.test:0',
    'http://a.test:65536',
    'http://a.test?x',
    'a.test:80',
    'http://a"b',
    'http://$host',
    'http://a.test\n',
    '',
  ])('refuses the upstream %j', (upstream) =>
    expect(() => renderConfig(request({ target, upstream }))).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
    ),
  );
});

describe('what a server would take for a variable', () => {
  it.each([
    ['nginx', '/pki/$x/fullchain.pem', null],
    ['apache', '/pki/$x/fullchain.pem', '"/pki/$x/fullchain.pem"'],
    ['apache', '/pki/$'.concat('{x}/fullchain.pem'), null],
    ['haproxy', '/pki/$x/fullchain.pem', '"/pki/\\$x/fullchain.pem"'],
  ])('is, in a path of %s (%s), refused or written so that it is not', (target, path, written) => {
    const render = () => renderConfig({ ...withPath(path), target });

    if (written === null) expect(render).toThrow(expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }));
    else expect(render()).toContain(written);
  });

  it.each(['*.api.test', '::1'])('is no name for Apache: %s', (serverName) =>
    expect(() => renderConfig(request({ target: 'apache', serverName }))).toThrow(
      expect.objectContaining({ code: 'ERR_CONFIG_VALUE' }),
    ),
  );
});

describe('the templates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-bundle-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['dist', 'dist/chunks'])(
    'are found from a bundle in %s of an installed package',
    async (outdir) => {
      cpSync('templates', join(folder, 'templates'), { recursive: true });
      writeFileSync(join(folder, 'package.json'), '{"name": "sslapi", "type": "module"}');
      await build({
        entryPoints: ['src/config/render.ts'],
        outdir: join(folder, outdir),
        bundle: true,
        format: 'esm',
        platform: 'node',
        logLevel: 'error',
      });
      const script = `import { renderConfig } from ${JSON.stringify(join(folder, outdir, 'render.js'))};
      process.stdout.write(renderConfig(${JSON.stringify(request())}));`;

      const text = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: '/',
        encoding: 'utf8',
      });

      expect(text).toBe(renderConfig(request()));
    },
  );
});
