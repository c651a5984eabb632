import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeFlags } from '../../src/cli/probe-flags.js';
import { parseProxy, proxiesOf } from '../../src/cli/probe-proxy.js';
import { parseStarttls, probeTargets } from '../../src/cli/probe-targets.js';
import { parseProbeTarget } from '../../src/probe/probe-target.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-targets-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function list(text: string): ProbeFlags {
  writeFileSync(join(folder, 'hosts.txt'), text);
  return { targets: join(folder, 'hosts.txt') };
}

function failure(work: () => unknown): { code: string; message: string } {
  try {
    work();
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('nothing was refused');
}

describe('what is probed', () => {
  it('is what the command line names, then what the file lists, in order', () => {
    const flags = list('# ours\nb.test:8443\r\n\n  [::1]:1   # with a comment\nc.test servername=d.test\n');

    expect(probeTargets(['a.test'], flags, {})).toEqual([
      { host: 'a.test', port: 443 },
      { host: 'b.test', port: 8443 },
      { host: '::1', port: 1 },
      { host: 'c.test', port: 443, servername: 'd.test' },
    ]);
  });

  it.each([
    ['smtp', 25],
    ['imap', 143],
    ['pop3', 110],
    ['ldap', 389],
    ['postgres', 5432],
    ['mysql', 3306],
    ['ftp', 21],
    ['xmpp', 5222],
  ])('--starttls %s is at port %i unless another is named', (text, port) => {
    const starttls = parseStarttls(text);

    expect(probeTargets(['a.test', 'a.test:1'], { starttls }, {})).toEqual([
      { host: 'a.test', port, starttls },
      { host: 'a.test', port: 1, starttls },
    ]);
  });

  it('a line may name its own protocol, whatever the others speak', () => {
    const flags = { ...list('a.test\nb.test starttls=ldap\n'), starttls: parseStarttls('smtp') };

    expect(probeTargets([], flags, {})).toMatchObject([{ port: 25 }, { port: 389, starttls: 'ldap' }]);
  });

  it.each([
    ['a.test\nhttps://b.test/\n', 'ERR_TARGET_INVALID', 'line 2: cannot read the target "https://b.test/"'],
    ['a.test starttls=nntp', 'ERR_USAGE', 'line 1: "nntp"'],
    ['a.test b.test', 'ERR_USAGE', 'line 1: "b.test" says nothing'],
    ['a.test servername=', 'ERR_USAGE', 'line 1: "servername="'],
    ['# nothing\n', 'ERR_USAGE', 'names no target'],
  ])('%j is refused, with its line', (text, code, message) => {
    const refused = failure(() => probeTargets([], list(text), {}));

    expect(refused).toMatchObject({ code, message: expect.stringContaining(message) });
  });

  it('nothing at all is a mistake', () => {
    expect(failure(() => probeTargets([], {}, {}))).toMatchObject({
      code: 'ERR_USAGE',
      message: 'no target is given',
    });
  });
});

describe('the proxy', () => {
  const proxyOf = (target: string, environment: Record<string, string>, flag?: string): unknown =>
    proxiesOf(flag === undefined ? undefined : parseProxy(flag), environment)(parseProbeTarget(target));

  it('of --proxy is for every target, and its password comes from the environment', () => {
    const environment = { NO_PROXY: '*', SSLAPI_PROXY_PASSWORD: 'hush', HTTPS_PROXY: 'http://other:1' };

    expect(proxyOf('localhost', environment, 'http://proxy.test:3128')).toEqual({
      host: 'proxy.test',
      port: 3128,
    });
    expect(proxyOf('a.test', environment, 'http://me@[::1]:3128')).toEqual({
      host: '::1',
      port: 3128,
      credentials: { user: 'me', password: 'hush' },
    });
  });

  it('of HTTPS_PROXY is for what is elsewhere, lower case first, with a password of its own', () => {
    const HTTPS_PROXY = 'http://me:p%40ss@proxy.test:3128';

    expect(proxyOf('a.test', { HTTPS_PROXY })).toEqual({
      host: 'proxy.test',
      port: 3128,
      credentials: { user: 'me', password: 'p@ss' },
    });
    expect(proxyOf('a.test', { HTTPS_PROXY, https_proxy: 'lower.test' })).toEqual({
      host: 'lower.test',
      port: 80,
    });
    for (const own of ['localhost', '127.0.0.1:8443', '[::1]:1'])
      expect(proxyOf(own, { HTTPS_PROXY })).toBeNull();
    expect(proxyOf('a.test', {})).toBeNull();
  });

  it.each([
    ['a.test', 'a.test', true],
    ['b.a.test', 'a.test', true],
    ['b.a.test', '.a.test', true],
    ['b.a.test', '*.a.test', true],
    ['ba.test', 'a.test', false],
    ['a.test', 'x.test, A.test', true],
    ['a.test:8443', 'a.test:8443', true],
    ['a.test:8443', 'a.test:443', false],
    ['10.0.0.1', '10.0.0.1', true],
    ['10.0.0.1', '0.0.1', false],
    ['[2001:db8::1]:1', '2001:db8:0::1', true],
    ['[2001:db8::1]:1', '[2001:db8::1]:2', false],
    ['a.test', '*', true],
    ['a.test', '', false],
  ])('%s, with NO_PROXY=%s', (target, NO_PROXY, isDirect) => {
    const proxy = proxyOf(target, { HTTPS_PROXY: 'http://proxy.test:1', NO_PROXY });

    expect(proxy).toEqual(isDirect ? null : { host: 'proxy.test', port: 1 });
  });

  it.each([
    'https://proxy.test',
    'socks5://proxy.test:1080',
    'http://',
    'http://a b',
    'http://p:0',
    'http://p:1/x',
    'http://%@p',
  ])('%j is none that we can go through', (text) => {
    expect(failure(() => parseProxy(text)).code).toBe('ERR_USAGE');
    expect(failure(() => proxyOf('a.test', { HTTPS_PROXY: text }))).toMatchObject({ code: 'ERR_USAGE' });
  });

  it('has no password on the command line, and none in what is said about it', () => {
    const typed = failure(() => parseProxy('http://me:hush@proxy.test'));
    const wrong = failure(() => proxyOf('a.test', { HTTPS_PROXY: 'http://me:hush@' }));
    const missing = failure(() => proxyOf('a.test', {}, 'http://me@proxy.test'));

    for (const refused of [typed, wrong]) {
      expect(refused.code).toBe('ERR_USAGE');
      expect(refused.message).not.toContain('hush');
    }
    expect(missing).toMatchObject({ code: 'ERR_USAGE', message: 'there is no password for me at the proxy' });
  });
});
