import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import { quickstart } from '../../src/loop/quickstart.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-quickstart-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('quickstart', () => {
  it('lets in whom it should, refuses the others and says how, in under five seconds', async () => {
    const heard: string[] = [];
    const started = performance.now();

    const { ok, steps } = await quickstart({
      pki: join(folder, 'pki'),
      onStep: ({ text }) => heard.push(text),
    });

    expect(performance.now() - started).toBeLessThan(5_000);
    expect(heard).toEqual(steps.map(({ text }) => text));
    expect(heard.slice(3)).toEqual([
      expect.stringMatching(/^demo API on https:\/\/localhost:\d+, client certificates required$/),
      expect.stringMatching(/^alice: let in, HTTP 200, TLSv1.3 with TLS_/),
      expect.stringMatching(/^mallory: let in, HTTP 200/),
      'revoked "mallory" (keyCompromise) and published the CRL',
      expect.stringMatching(
        /^mallory, revoked: refused, HTTP 403: certificate revoked on .* \(keyCompromise\)$/,
      ),
      'nobody, without a certificate: refused, HTTP 401: no client certificate was presented',
      expect.stringMatching(/self-signed: refused, HTTP 403: /),
    ]);
    expect(ok).toBe(true);
  });

  it('leaves a PKI that is ready, and marked as one to throw away', async () => {
    const pki = join(folder, 'pki');
    await quickstart({ pki });

    const ca = await CertificateAuthority.open({ pki });
    const listed = await ca.list({});
    const throwAway = await ca.isThrowAway();
    await ca.close();

    expect(throwAway).toBe(true);
    const leaves = listed.filter(({ profile }) => profile === 'client' || profile === 'server');
    expect(leaves.map(({ name, status }) => `${name} ${status}`).sort()).toEqual([
      'alice valid',
      'localhost valid',
      'mallory revoked',
    ]);
  });

  it('touches no CA that is there', async () => {
    const pki = join(folder, 'pki');
    const { ca } = await CertificateAuthority.create({ pki, passphrase: null });
    await ca.close();

    await expect(quickstart({ pki })).rejects.toMatchObject({
      code: 'ERR_CA_EXISTS',
      hint: expect.not.stringContaining('thrown away'),
    });
  });

  it('says at its second run that its own CA may be removed', async () => {
    const pki = join(folder, 'pki');
    await quickstart({ pki });

    await expect(quickstart({ pki })).rejects.toMatchObject({
      code: 'ERR_CA_EXISTS',
      hint: expect.stringContaining('thrown away'),
    });
  });
});
