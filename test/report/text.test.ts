import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { weaknessOf } from '../../src/probe/baseline-facts.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import { text } from '../../src/report/text.js';
import { isWeakSuite } from '../../src/report/weak-suite.js';
import { CIPHER_SUITE_TABLE } from '../../src/tls/cipher-suite-table.js';
import { provenReport } from './every-kind.js';
import { sampleReport, sampleRow } from './sample-report.js';

const GOOD = {
  credential: 'good',
  expected: 'accept',
  observed: 'accepted',
  how: null,
  alert: null,
  httpStatus: 200,
  evidence: 'HTTP 200',
  twin: 'not-run',
} as const;

describe('the report as text', () => {
  it('is a screen whose first and last word is the verdict', () => {
    expect(text(sampleReport())).toBe(`PASS  api.test:8443 (at 192.0.2.7)

Seen
  protocols    TLS 1.2, TLS 1.3 (SSL 2.0, SSL 3.0: could not be told)
  TLS 1.3      1 suite: TLS_AES_128_GCM_SHA256
  groups       x25519
  certificate  CN=api.test, ec-p256, by CN=Acme Issuing CA, until 2027-06-01 (365 days left)
  clients      must show a certificate, turned away by TLS

In order
  1 check passed (-v names them)

Whom it lets in, only a proof tells: add --prove-mtls.
1 pass, 0 fail; 23 connections, 120 ms: PASS
`);
  });

  it('says which server was started for it, what that cannot do, and every row where it is asked to', () => {
    const told = text(provenReport(), { wholeProof: true });

    expect(told).toMatch(/^PASS {2}caddy, modern, on api\.test:8443 /);
    expect(told).toMatch(/^ {2}server +caddy 2\.6\.2, at the level modern$/m);
    expect(told).toMatch(
      /^ {2}known limit +caddy cannot check CRLs: 2 rows \(revoked, revoked-latest\) accepted, as it must be expected$/m,
    );
    expect(told).toMatch(/^ ✓ {2}none +refused/m);
    expect(text(provenReport())).not.toMatch(/^ ✓ {2}none +refused/m);
    const several = text({ schemaVersion: 1, reports: [provenReport(), sampleReport()], verdict: 'pass' });
    expect(several).toMatch(/^PASS {2}caddy, modern, on .*\n {6}caddy cannot check CRLs: 2 rows/m);
  });

  it('names what passed, and every suite, where it is asked to', () => {
    const names = ['TLS_RSA_WITH_RC4_128_SHA', 'TLS_A', 'TLS_B', 'TLS_C'];
    const suites = names.map((name) => ({ name, opensslName: null, id: '0x0005' }));
    const report = sampleReport({ cipherSuites: { 'TLSv1.2': suites }, serverOrder: { 'TLSv1.2': true } });

    expect(text(report)).toContain(
      '  TLS 1.2      4 suites, in the server’s order, 1 weak (TLS_RSA_WITH_RC4_128_SHA)\n',
    );
    expect(text(report, { verbose: true })).toContain(
      '  TLS 1.2      4 suites, in the server’s order: TLS_RSA_WITH_RC4_128_SHA (weak), TLS_A, TLS_B, TLS_C\n',
    );
    expect(text(report, { verbose: true })).toContain(
      '  ✓ Shows a certificate that leads to a trust anchor: a path of 3 certificates, anchored in the local root\n',
    );
  });

  it('says where a list may be short: of the groups, where a version that was asked for all of them has more', () => {
    const groups = { TLSv1: ['secp256r1'], 'TLSv1.2': ['x25519'], 'TLSv1.3': ['x25519'] };
    const why = 'silence';
    const short = (incomplete: ProbeReport['incomplete'] & {}): string =>
      text(sampleReport({ groups, incomplete }));

    expect(short({ cipherSuites: { 'TLSv1.3': why } })).toContain('TLS 1.3      at least 1 suite: ');
    expect(short({ groups: { 'TLSv1.2': why } })).toContain('groups       at least x25519, secp256r1\n');
    expect(short({ groups: { TLSv1: why } })).toContain('groups       x25519, secp256r1\n');
  });

  it('says first what is to do, the worst first, and what each credential got', () => {
    expect(text(failedReport())).toBe(`FAIL  api.test:8443 (at 192.0.2.7)

To do
  critical   none was let in (TLS 1.2, TLS 1.3)
             HTTP 200
             → certificates are optional: change it
  medium     not so: Has time
             3 days left
             → Send the chain.
  undecided  Is known
             silence

Proof
    shown  TLS 1.2              TLS 1.3
 ✗  none   accepted (HTTP 200)  accepted (HTTP 200)
 ✓  let in as it should be: good
 ✓  refused, each one: expired

Seen
  protocols    TLS 1.2, TLS 1.3 (SSL 2.0, SSL 3.0: could not be told)
  TLS 1.3      1 suite: TLS_AES_128_GCM_SHA256
  groups       x25519
  certificate  CN=api.test, ec-p256, by CN=Acme Issuing CA, until 2027-06-01 (365 days left)
  clients      must show a certificate, turned away by TLS

5 pass, 3 fail, 1 undecided; 23 connections, 120 ms: FAIL
`);
  });

  it('says little of what matters little where there is much to do, and a remedy once', () => {
    const [check] = sampleReport().checks;
    const failing = (severity: 'high' | 'low', count: number): ProbeReport =>
      sampleReport({
        checks: Array.from({ length: count }, (_, at) => ({
          ...check!,
          id: `c${at}`,
          title: `C${at}`,
          status: 'fail',
          severity: at < 2 ? 'high' : severity,
        })),
      });

    const brief = text(failing('low', 7));
    expect(brief).toContain(`
To do
  high       not so: C0
             a path of 3 certificates, anchored in the local root
             → Send the chain.
  high       not so: C1
             a path of 3 certificates, anchored in the local root
             → as above
  low        not so: C2
  low        not so: C3
`);
    expect(brief).toContain(
      '  (-v says what was seen and what to do about those of severity low and info)\n',
    );
    for (const whole of [
      text(failing('low', 6)),
      text(failing('high', 7)),
      text(failing('low', 7), { verbose: true }),
    ])
      expect(whole).not.toMatch(/not so: C2\n {2}\w|-v says/);
  });

  it('shows with -v how each credential fared', () => {
    expect(text(failedReport(), { verbose: true })).toContain(`
Proof
    shown    TLS 1.2              TLS 1.3
 ✓  good     accepted (HTTP 200)  accepted (HTTP 200)
 ✗  none     accepted (HTTP 200)  accepted (HTTP 200)
 ✓  expired                       refused (closed)
`);
  });

  it('says what to do about a target that was not reached', () => {
    const error = { code: 'ERR_UNREACHABLE', message: 'cannot reach it', hint: 'Check the port.' } as const;

    expect(text(sampleReport({ verdict: 'inconclusive', error, checks: [] }))).toBe(
      'INCONCLUSIVE  api.test:8443 (at 192.0.2.7)\n\n  cannot reach it (ERR_UNREACHABLE)\n  Check the port.\n\nnothing could be judged: INCONCLUSIVE\n',
    );
  });

  it('of several shows those that do not pass, and ends in a count', () => {
    const reports = [sampleReport(), sampleReport({ verdict: 'fail' })];
    const shown = text({ schemaVersion: 1, reports, verdict: 'fail' });

    expect(shown).toMatch(/^FAIL {2}api\.test:8443 /);
    expect(shown).toMatch(
      /\n\nPASS {2}api\.test:8443 \(at 192\.0\.2\.7\)\n\nof 2 targets 1 pass, 1 fail, 0 could not be decided: FAIL\n$/,
    );
  });

  it.each([40, 60, 80, 120])('is no wider than a terminal of %i columns', (width) => {
    const lines = text(failedReport(), { width, verbose: true }).split('\n');

    expect(lines.filter((line) => [...line].length > width)).toEqual([]);
  });

  it('says the same with colours as without', () => {
    const paint = (_role: string, words: string): string => `\u001b[1m${words}\u001b[22m`;

    for (const width of [undefined, 50]) {
      const painted = text(failedReport(), { paint, width });
      expect(painted).not.toBe(text(failedReport(), { width }));
      expect(stripVTControlCharacters(painted)).toBe(text(failedReport(), { width }));
    }
  });

  it('fits a screen of 24 lines where there is nothing to do', () => {
    expect(text(sampleReport(), { width: 80 }).split('\n').length).toBeLessThanOrEqual(24);
  });

  it('tells what is not as it was', () => {
    const change = {
      kind: 'check',
      what: 'offers-no-tls-1-0',
      before: 'pass',
      after: 'fail',
      severity: 'medium',
    } as const;
    const report = sampleReport({
      baseline: {
        compared: { startedAt: '2026-05-01T00:00:00.000Z', version: '1.2.2' },
        worse: [change],
        better: [{ ...change, what: 'TLSv1.3', before: 'not offered', after: 'offered' }],
        changed: [{ ...change, what: 'x25519 (TLSv1.3)', before: null, after: 'offered' }],
      },
    });

    expect(text(report)).toContain(`
Changed
  worse      offers-no-tls-1-0: pass, now fail
  better     TLSv1.3: not offered, now offered
  changed    x25519 (TLSv1.3): offered, new
`);
    expect(text(report)).toMatch(
      /\n1 worse, 1 better, 1 changed since 2026-05-01T00:00:00\.000Z; .*: PASS\n$/,
    );
  });
});

describe('the rule of weak suites by name', () => {
  it('is the one by which a baseline judges', () => {
    const suites = CIPHER_SUITE_TABLE.map((line) => line.split(' ')).filter(([id]) => !NO_SUITES.has(id!));
    const differing = suites.filter(
      ([id, name]) => isWeakSuite(name!) !== (weaknessOf({ id: `0x${id}` }) !== null),
    );

    expect(differing).toEqual([]);
  });
});

/** Signalling values, RFC 5746 and RFC 7507. */
const NO_SUITES = new Set(['00ff', '5600']);

function failedReport(): ProbeReport {
  const [check] = sampleReport().checks;
  const letIn = { observed: 'accepted', status: 'fail', how: null, alert: null, httpStatus: 200 } as const;
  const evidence = 'HTTP 200; certificates are optional: change it';
  return sampleReport({
    verdict: 'fail',
    checks: [
      { ...check!, status: 'fail', severity: 'medium', evidence: '3 days left', title: 'Has time' },
      { ...check!, id: 'b', status: 'inconclusive', evidence: 'silence', title: 'Is known' },
    ],
    proof: [
      sampleRow({ ...GOOD, tlsVersion: 'TLSv1.2' }),
      sampleRow({ ...letIn, tlsVersion: 'TLSv1.2', evidence }),
      sampleRow({ ...GOOD, tlsVersion: 'TLSv1.2' }),
      sampleRow(GOOD),
      sampleRow({ ...letIn, evidence }),
      sampleRow({ credential: 'expired', how: 'closed', alert: null, evidence: 'closed' }),
      sampleRow(GOOD),
    ],
    summary: { pass: 5, fail: 3, advisory: 0, inconclusive: 1, notApplicable: 0 },
  });
}
