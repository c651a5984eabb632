import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Passphrase } from '../../src/keys/passphrase.js';
import { canonicalJson } from '../../src/probe/canonical-json.js';
import { makeProofKit } from '../../src/probe/make-proof-kit.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import { readProofKit } from '../../src/probe/read-proof-kit.js';
import { type ReportSignature, signReport } from '../../src/probe/sign-report.js';
import { type ReportVerdict, verifyReport } from '../../src/probe/verify-report.js';
import { reporters } from '../../src/report/index.js';
import { encodePem } from '../../src/x509/pem.js';
import { peer } from '../peers/peer.js';
import { makeProbePki, type ProbePki } from './probe-pki.js';

const STARTED = new Date(Math.floor(Date.now() / 1000) * 1000);
/** As small as a report can be that every reader takes; with letters beyond ASCII. */
const REPORT: ProbeReport = {
  schemaVersion: 1,
  tool: { name: 'sslapi', version: '0.0.0' },
  target: { host: 'bücher.test', port: 443, servername: null, address: null },
  startedAt: STARTED.toISOString(),
  durationMs: 12.5,
  connections: 1,
  protocols: { SSLv2: null, SSLv3: null, TLSv1: null, 'TLSv1.1': null, 'TLSv1.2': true, 'TLSv1.3': true },
  cipherSuites: {},
  serverOrder: {},
  groups: {},
  signatureAlgorithms: {},
  certificates: [],
  clientAuth: { requested: true, required: true, enforcedBy: 'tls', acceptableCAs: ['CN=M\u009bller'] },
  checks: [],
  proof: null,
  summary: { pass: 0, fail: 0, advisory: 0, inconclusive: 0, notApplicable: 0 },
  verdict: 'fail',
};

describe('a signed report', () => {
  let pki: ProbePki;
  let signed: Uint8Array;
  const trust = () => ({
    trusted: [pki.ca.root!.parsed.der],
    revocationOf: (serialNumber: string) => pki.ca.revocationOf(serialNumber),
  });
  const written = (report: ProbeReport): Uint8Array => Buffer.from(reporters.json(report), 'utf8');
  const verdictOn = async (octets: Uint8Array): Promise<ReportVerdict> => verifyReport(octets, trust());
  /** The reason of a refusal, or the code of an error. */
  const refusalOf = async (octets: Uint8Array): Promise<string> => {
    try {
      const verdict = await verdictOn(octets);
      return verdict.ok ? 'ok' : verdict.reason;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const changed = (change: (report: Record<string, never>) => unknown): Uint8Array => {
    const report = JSON.parse(Buffer.from(signed).toString('utf8')) as Record<string, never>;
    return Buffer.from(JSON.stringify(change(report) ?? report), 'utf8');
  };
  beforeAll(async () => {
    pki = await makeProbePki();
    signed = written(await signReport(REPORT, { ca: pki.ca }, STARTED));
  });
  afterAll(() => pki.close());

  it('is whole, and names a signer of our CA that no TLS server takes for a client', async () => {
    const verdict = await verdictOn(signed);

    expect(verdict).toMatchObject({ ok: true, revokedLater: null, report: { verdict: 'fail' } });
  });

  it('is whole however it is laid out', async () => {
    const report = JSON.parse(Buffer.from(signed).toString('utf8')) as object;
    const backwards = Object.fromEntries(Object.entries(report).reverse());

    expect(await refusalOf(Buffer.from(JSON.stringify(backwards, null, '\t')))).toBe('ok');
  });

  it('is seen through when any one bit of it is another', async () => {
    const passed: string[] = [];
    for (let at = 0; at < signed.length; at += 1) {
      for (const bit of [at % 8, 5]) {
        const other = Uint8Array.from(signed);
        other[at]! ^= 1 << bit;
        if ((await refusalOf(other)) !== 'ok') continue;
        passed.push(Buffer.from(signed.subarray(at - 20, at + 20)).toString());
      }
    }

    // `\u009b` and `\u009B` are the same letter: nothing was changed but how it is spelled.
    expect(passed.filter((around) => !around.includes('\\u009b'))).toEqual([]);
  }, 120_000);

  it('is seen through when an octet is taken out or put in, but for blanks between what it says', async () => {
    const compact = changed(() => undefined);
    for (let at = 0; at < compact.length; at += 7) {
      const without = Buffer.concat([compact.subarray(0, at), compact.subarray(at + 1)]);
      const more = Buffer.concat([compact.subarray(0, at), Buffer.from('0'), compact.subarray(at)]);
      expect(await refusalOf(without)).not.toBe('ok');
      expect(await refusalOf(more)).not.toBe('ok');
    }
  });

  it.each<[string, (report: Record<string, unknown>) => unknown, string]>([
    ['another verdict', (report) => ({ ...report, verdict: 'pass' }), 'changed'],
    ['an earlier moment', (report) => ({ ...report, startedAt: '2020-01-01T00:00:00.000Z' }), 'changed'],
    ['a field more', (report) => ({ ...report, note: 'all is well' }), 'changed'],
    ['no signature', ({ signature: _, ...report }) => report, 'not-signed'],
    ['a signature of null', (report) => ({ ...report, signature: null }), 'not-signed'],
    [
      'a signature with a field more',
      (report) => ({ ...report, signature: { ...(report['signature'] as object), by: 'me' } }),
      'not-signed',
    ],
    [
      'a signature in another base64',
      (report) => {
        const { value, ...rest } = report['signature'] as ReportSignature;
        return { ...report, signature: { ...rest, value: `${value.replace(/=*$/, '')}\n` } };
      },
      'not-signed',
    ],
    [
      'a signature without certificates',
      (report) => ({ ...report, signature: { ...(report['signature'] as object), certificates: [] } }),
      'not-signed',
    ],
    [
      'an algorithm that is none',
      (report) => ({ ...report, signature: { ...(report['signature'] as object), algorithm: 'none' } }),
      'not-signed',
    ],
    ['no report', () => ({ schemaVersion: 1 }), 'ERR_REPORT_INVALID'],
    ['a list', () => [], 'ERR_REPORT_INVALID'],
  ])('is refused with %s', async (_what, change, reason) => {
    expect(await refusalOf(changed(change as (report: Record<string, never>) => unknown))).toBe(reason);
  });

  it('is not ours where another CA of the same name made it', async () => {
    const other = await makeProbePki();
    const forged = written(await signReport({ ...REPORT, verdict: 'pass' }, { ca: other.ca }, STARTED));
    await other.close();

    expect(await refusalOf(forged)).toBe('not-ours');
  });

  it('is not ours where its signer was not valid when it says it was made', async () => {
    const late = { ...REPORT, startedAt: new Date(STARTED.getTime() + 3_600_000).toISOString() };
    const { kit } = await kitOf(1);
    const early = { ...REPORT, startedAt: new Date(STARTED.getTime() - 3_600_000).toISOString() };

    const justBefore = { ...REPORT, startedAt: new Date(STARTED.getTime() - 60_000).toISOString() };

    expect(await refusalOf(written(await signReport(justBefore, { ca: pki.ca }, STARTED)))).toBe('ok');
    expect(await refusalOf(written(await signReport(late, { ca: pki.ca }, STARTED)))).toBe('not-ours');
    expect(await refusalOf(written(await signReport(early, { kit }, STARTED)))).toBe('not-ours');
  });

  it('is not believed where a client of ours signed it, who has a certificate of the same CA', async () => {
    const { privateKey, fullchain } = await pki.ca.issueClient({ commonName: 'sslapi-report' });
    const [leaf = '', issuing = ''] = fullchain.split(/(?<=-----END CERTIFICATE-----\n)/);
    const signer = {
      chain: [leaf, issuing].map((pem) => Buffer.from(pem.replace(/-----.*-----|\n/g, ''), 'base64')),
      privateKey,
      keyType: 'ec-p256',
    };

    expect(await refusalOf(written(await signReport(REPORT, { kit: { signer } }, STARTED)))).toBe(
      'not-a-signer',
    );
  });

  it('is signed by a kit as well, until that one is revoked', async () => {
    const { kit } = await kitOf(1);
    const before = written(await signReport(REPORT, { kit }, STARTED));
    expect(await refusalOf(before)).toBe('ok');

    await pki.ca.revoke(await pki.ca.liveKitCertificates());
    const later = new Date(Date.now() + 60_000).toISOString();
    const after = written(await signReport({ ...REPORT, startedAt: later }, { kit }, STARTED));

    expect(await refusalOf(after)).toBe('signer-revoked');
    const [gone] = (await pki.ca.list({ profile: 'probe' })).filter(({ name }) =>
      name.endsWith('.report-signer'),
    );
    const wasBefore = new Date(REPORT.startedAt) < new Date(gone!.revocationDate!);
    expect(await verdictOn(before)).toMatchObject(
      wasBefore ? { ok: true, revokedLater: expect.any(Date) } : { ok: false, reason: 'signer-revoked' },
    );
  });

  it('of several endpoints is signed once, and judged at the first and the last of their moments', async () => {
    const later = new Date(STARTED.getTime() + 3_600_000);
    const reports = [REPORT, { ...REPORT, startedAt: later.toISOString() }];
    const several = { schemaVersion: 1, reports, verdict: 'fail' } as const;

    const right = await signReport(several, { ca: pki.ca }, later);
    const wrong = await signReport(several, { ca: pki.ca }, STARTED);

    expect(await refusalOf(Buffer.from(reporters.json(right)))).toBe('ok');
    expect(await refusalOf(Buffer.from(reporters.json(wrong)))).toBe('not-ours');
  });

  it.runIf(peer('openssl'))(
    'is checked by OpenSSL too, over the canonical form without the signature',
    async () => {
      const folder = dirname(pki.ca.folder.path);
      const { signature, ...rest } = JSON.parse(Buffer.from(signed).toString('utf8')) as {
        signature: ReportSignature;
      };
      const [signer = ''] = signature.certificates;
      writeFileSync(join(folder, 'report.canonical'), canonicalJson(rest));
      writeFileSync(join(folder, 'report.sig'), Buffer.from(signature.value, 'base64'));
      writeFileSync(join(folder, 'signer.pem'), signer);
      writeFileSync(join(folder, 'chain.pem'), signature.certificates.slice(1).join(''));
      writeFileSync(join(folder, 'root.pem'), encodePem('CERTIFICATE', pki.ca.root!.parsed.der));
      const openssl = (...args: string[]): string =>
        execFileSync('openssl', args, { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
      writeFileSync(join(folder, 'signer.pub'), openssl('x509', '-in', 'signer.pem', '-pubkey', '-noout'));

      expect(
        openssl('dgst', '-sha256', '-verify', 'signer.pub', '-signature', 'report.sig', 'report.canonical'),
      ).toBe('Verified OK\n');
      expect(openssl('verify', '-CAfile', 'root.pem', '-untrusted', 'chain.pem', 'signer.pem')).toContain(
        ': OK',
      );
      expect(openssl('x509', '-in', 'signer.pem', '-noout', '-purpose')).toMatch(/SSL client : No/);
    },
  );

  async function kitOf(validityDays: number) {
    const password = Passphrase.from('kit');
    const { pkcs12 } = await makeProofKit(pki.ca, { password, validityDays, keyTypes: ['ec-p256'] });
    return { kit: await readProofKit(pkcs12, password, new Date()) };
  }
});
