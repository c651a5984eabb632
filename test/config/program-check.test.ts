import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderConfig, renderFiles } from '../../src/config/render.js';
import { checkConfig } from '../../src/loop/check-config.js';
import { peer } from '../peers/peer.js';
import { makeOpensslPki, type OpensslPki } from './openssl-pki.js';

let pki: OpensslPki;
beforeAll(() => {
  pki = makeOpensslPki(`my "pki" 'ünï' \\ ; { # % &`);
});
afterAll(() => pki.remove());

const request = (target: string) => ({
  target,
  level: 'modern' as const,
  clientAuth: 'require' as const,
  serverName: 'localhost',
  listen: { host: '127.0.0.1', port: 8443 },
  files: pki.files,
  standalone: false,
});

describe.runIf(peer('openssl'))('a program that checks itself', () => {
  it.runIf(peer('node')).each(['node', 'express', 'fastify'])('%s: says yes', async (target) => {
    const check = await checkConfig(request(target));

    expect(check).toMatchObject({ ok: true, command: expect.stringMatching(/^node .*server\.mjs/) });
  });

  it.runIf(peer('go'))('go: says yes, and no where a file is missing', async () => {
    expect(await checkConfig(request('go'))).toMatchObject({ ok: true });

    const files = { ...pki.files, crlChain: join(tmpdir(), 'no-such-crl.pem') };
    const check = await checkConfig({ ...request('go'), files });
    expect(check).toMatchObject({
      ok: false,
      output: expect.arrayContaining([expect.stringMatching(/no-such-crl/)]),
    });
  });

  it.runIf(peer('node'))('node: says no where a key is another’s, and where there is no CRL', async () => {
    const files = { ...pki.files, privkey: join(pki.folder, 'alice.key') };
    const check = await checkConfig({ ...request('node'), files });
    expect(check.ok).toBe(false);
    expect(check.output.join('\n')).toMatch(/is not the key of/);

    const noCrl = { ...pki.files, crlChain: pki.files.caChain };
    expect((await checkConfig({ ...request('node'), files: noCrl })).output.join('\n')).toMatch(
      /there is no CRL/,
    );
  });
});

describe('what a target cannot do', () => {
  it('is refused and not passed over', async () => {
    const unfit = expect.objectContaining({ code: 'ERR_CONFIG_VALUE' });

    expect(() => renderConfig({ ...request('spring-boot'), upstream: 'http://127.0.0.1:9000' })).toThrow(
      unfit,
    );
    for (const name of ['alice', 'CN=a\nb', 'spiffe://acme', ''])
      expect(() => renderConfig({ ...request('node'), allow: [name] })).toThrow(unfit);
    await expect(checkConfig(request('spring-boot'))).rejects.toMatchObject({ code: 'ERR_SERVER_ABSENT' });
  });
});

it('several files are printed under their names, and one as it is', () => {
  expect(renderConfig(request('node'))).toBe(renderFiles(request('node'))[0].text);
  expect(renderConfig(request('spring-boot')).match(/^==> .* <==$/gm)).toEqual([
    '==> application.yml <==',
    '==> ClientCertificateFilter.java <==',
    '==> ClientCertificates.java <==',
  ]);
});
