import { describe, expect, it } from 'vitest';
import { againstBaseline, type Comparison } from '../../src/probe/baseline.js';
import { readBaseline } from '../../src/probe/baseline-file.js';
import type { CheckResult } from '../../src/probe/check.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import type { ProofRow } from '../../src/probe/proof-row.js';
import type { Severity } from '../../src/probe/severity.js';
import { exitCodeOf } from '../../src/probe/verdict.js';
import { json } from '../../src/report/json.js';
import { sampleReport, sampleRow } from '../report/sample-report.js';

type Turn = 'worse' | 'better' | 'changed';
const INVALID = expect.objectContaining({ code: 'ERR_BASELINE_INVALID', exitCode: 2 });

/** What a report comes to, held against an older one as its file has it. */
function held(now: ProbeReport, old: ProbeReport, failOn: Severity = 'high'): ProbeReport {
  return againstBaseline(now, readBaseline(json(old), 'old.json'), failOn);
}
const check = (change: Partial<CheckResult>): ProbeReport =>
  sampleReport({ checks: [{ ...sampleReport().checks[0]!, id: 'a-check', ...change }] });
const rows = (...proof: ProofRow[]): ProbeReport => sampleReport({ proof });
const turns = ({ baseline }: ProbeReport): Record<Turn, string[]> => {
  const { worse, better, changed } = baseline as Comparison;
  const told = (list: Comparison['worse']): string[] =>
    list.map(({ what, before, after }) => `${what}: ${before} > ${after}`);
  return { worse: told(worse), better: told(better), changed: told(changed) };
};
const NOTHING = { worse: [], better: [], changed: [] };

describe('held against a baseline', () => {
  it('the same report has not changed, and passes whatever fails in it', () => {
    const failing = { ...check({ status: 'fail', severity: 'critical' }), verdict: 'fail' as const };
    const report = held(failing, failing);

    expect(turns(report)).toEqual(NOTHING);
    expect(report.verdict).toBe('pass');
    expect(report.baseline?.compared).toEqual({ startedAt: '2026-06-01T00:00:00.000Z', version: '1.2.3' });
  });

  it.each<
    [
      before: CheckResult['status'],
      after: CheckResult['status'],
      turn: Turn | null,
      verdict: ProbeReport['verdict'],
    ]
  >([
    ['pass', 'fail', 'worse', 'fail'],
    ['pass', 'inconclusive', 'worse', 'inconclusive'],
    ['pass', 'not-applicable', 'changed', 'pass'],
    ['inconclusive', 'fail', 'worse', 'fail'],
    ['inconclusive', 'pass', 'better', 'pass'],
    ['not-applicable', 'fail', 'worse', 'fail'],
    ['not-applicable', 'inconclusive', 'worse', 'inconclusive'],
    ['fail', 'fail', null, 'pass'],
    ['fail', 'pass', 'better', 'pass'],
    ['fail', 'inconclusive', 'changed', 'pass'],
    ['fail', 'not-applicable', 'better', 'pass'],
  ])('a check that came to %s and now to %s', (before, after, turn, verdict) => {
    const report = held(check({ status: after }), check({ status: before }));

    expect(turns(report)).toEqual({ ...NOTHING, ...(turn && { [turn]: [`a-check: ${before} > ${after}`] }) });
    expect(report.verdict).toBe(verdict);
  });

  it.each<[severity: Severity, failOn: Severity, verdict: ProbeReport['verdict']]>([
    ['medium', 'high', 'pass'],
    ['high', 'high', 'fail'],
    ['medium', 'medium', 'fail'],
    ['critical', 'high', 'fail'],
  ])('a check of severity %s that fails now, with --fail-on %s', (severity, failOn, verdict) => {
    const report = held(check({ status: 'fail', severity }), check({ status: 'pass', severity }), failOn);

    expect(report.verdict).toBe(verdict);
    expect(turns(report).worse).toEqual(['a-check: pass > fail']);
  });

  it('a fault that nobody looked for before is new, and no silence passes', () => {
    const report = held(check({ id: 'new-check', status: 'fail' }), sampleReport({ checks: [] }));

    expect(turns(report).worse).toEqual(['new-check: null > fail']);
    expect(report.verdict).toBe('fail');
  });

  it('a check that is gone is told', () => {
    expect(turns(held(sampleReport({ checks: [] }), check({})))).toEqual({
      ...NOTHING,
      changed: ['a-check: pass > null'],
    });
  });

  it('a fault that became graver got worse', () => {
    const report = held(
      check({ status: 'fail', severity: 'critical' }),
      check({ status: 'fail', severity: 'low' }),
    );

    expect([report.verdict, turns(report).worse]).toEqual(['fail', ['a-check: fail (low) > fail']]);
  });
});

describe('rows of a proof, held against a baseline', () => {
  const letIn = {
    observed: 'accepted',
    status: 'fail',
    how: null,
    alert: null,
    httpStatus: 200,
    alpn: 'http/1.1',
  } as const;
  const good = { credential: 'good', expected: 'accept', observed: 'accepted', alpn: 'http/1.1' } as const;

  it('belong together by credential, version and path, though ALPN comes with acceptance alone', () => {
    const report = held(
      rows(sampleRow(letIn), sampleRow({ path: '/b' })),
      rows(sampleRow({ path: '/b' }), sampleRow()),
    );

    expect(turns(report)).toEqual({ ...NOTHING, worse: ['none (TLSv1.3, /): pass > fail'] });
  });

  it('fail the verdict whatever their severity, as in every proof', () => {
    const report = held(
      rows(sampleRow({ ...letIn, severity: 'low' })),
      rows(sampleRow({ severity: 'low' })),
      'critical',
    );

    expect(report.verdict).toBe('fail');
  });

  it('good comes twice: its second refusal is seen', () => {
    const refused = sampleRow({ ...good, observed: 'refused', status: 'fail', alpn: null });
    const report = held(rows(sampleRow(good), refused), rows(sampleRow(good), sampleRow(good)));

    expect(turns(report).worse).toEqual(['good (TLSv1.3, /): pass > fail']);
  });

  it('that are advice now are told, and decide nothing', () => {
    const report = held(rows(sampleRow({ status: 'advisory' })), rows(sampleRow()));

    expect([report.verdict, turns(report).worse]).toEqual(['pass', ['none (TLSv1.3, /): pass > advisory']]);
  });

  it('that failed before and are refused now got better', () => {
    expect(turns(held(rows(sampleRow()), rows(sampleRow(letIn)))).better).toEqual([
      'none (TLSv1.3, /): fail > pass',
    ]);
  });

  it('that are missing with the whole proof are one change', () => {
    expect(turns(held(sampleReport(), rows(sampleRow(), sampleRow(good))))).toEqual({
      ...NOTHING,
      changed: ['proof: 2 rows > null'],
    });
  });

  it('a proof without a row stays undecided', () => {
    expect(held(rows(), rows(sampleRow())).verdict).toBe('inconclusive');
  });
});

describe('facts, held against a baseline', () => {
  const { protocols, clientAuth, certificates } = sampleReport();
  const suite = (id: string, name: string) => ({ id, name, opensslName: null });
  const suites = (...list: Array<ReturnType<typeof suite>>): Partial<ProbeReport> => ({
    cipherSuites: { 'TLSv1.2': list },
  });
  const [aes, rc4, triple] = [
    suite('0xc02b', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'),
    suite('0x0005', 'TLS_RSA_WITH_RC4_128_SHA'),
    suite('0x000a', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'),
  ];

  it.each<[string, Partial<ProbeReport>, Partial<ProbeReport>, Turn | null, ProbeReport['verdict']]>([
    [
      'SSL 3.0 newly offered',
      { protocols: { ...protocols, SSLv3: false } },
      { protocols: { ...protocols, SSLv3: true } },
      'worse',
      'fail',
    ],
    ['TLS 1.0 newly offered', {}, { protocols: { ...protocols, TLSv1: true } }, 'worse', 'pass'],
    ['TLS 1.0 offered no more', { protocols: { ...protocols, TLSv1: true } }, {}, 'better', 'pass'],
    ['TLS 1.3 offered no more', {}, { protocols: { ...protocols, 'TLSv1.3': false } }, 'worse', 'pass'],
    [
      'a version that could not be told before',
      { protocols: { ...protocols, TLSv1: null } },
      { protocols: { ...protocols, TLSv1: true } },
      null,
      'pass',
    ],
    ['a weak suite more', suites(aes), suites(aes, rc4), 'worse', 'fail'],
    ['a weak suite of 64-bit blocks more', suites(aes), suites(aes, triple), 'worse', 'pass'],
    ['a weak suite fewer', suites(aes, rc4), suites(aes), 'better', 'pass'],
    ['a good suite more', suites(), suites(aes), 'changed', 'pass'],
    ['the same suites in another order', suites(aes, triple), suites(triple, aes), null, 'pass'],
    [
      'a kind of SSL 2.0 more',
      {},
      {
        cipherSuites: {
          ...sampleReport().cipherSuites,
          SSLv2: [suite('0x010080', 'SSL_CK_RC4_128_WITH_MD5')],
        },
      },
      'worse',
      'fail',
    ],
    ['a group more', {}, { groups: { 'TLSv1.3': ['x25519', 'X25519MLKEM768'] } }, 'changed', 'pass'],
    [
      'another certificate',
      {},
      { certificates: [{ ...certificates[0]!, fingerprint256: '01' }] },
      'changed',
      'pass',
    ],
    [
      'no certificate required any more',
      {},
      { clientAuth: { ...clientAuth, required: false } },
      'worse',
      'fail',
    ],
    ['a certificate required now', { clientAuth: { ...clientAuth, required: false } }, {}, 'better', 'pass'],
    [
      'whether one is required not told now',
      {},
      { clientAuth: { ...clientAuth, required: null } },
      null,
      'pass',
    ],
    [
      'a CA more',
      {},
      { clientAuth: { ...clientAuth, acceptableCAs: [...clientAuth.acceptableCAs, 'CN=Other'] } },
      'changed',
      'pass',
    ],
  ])('%s', (_what, before, after, turn, verdict) => {
    const report = held(sampleReport(after), sampleReport(before));

    expect(Object.entries(turns(report)).flatMap(([name, list]) => list.map(() => name))).toEqual(
      turn === null ? [] : [turn],
    );
    expect(report.verdict).toBe(verdict);
  });
});

describe('a baseline', () => {
  const unreached = sampleReport({
    checks: [],
    verdict: 'inconclusive',
    error: { code: 'ERR_UNREACHABLE', message: 'no', hint: 'no' },
  });

  it('never makes a pass of what could not be reached', () => {
    const report = held(unreached, unreached);

    expect([report.verdict, exitCodeOf(report, true)]).toEqual(['inconclusive', 3]);
    expect(held(unreached, sampleReport()).verdict).toBe('inconclusive');
  });

  it('that saw nothing excuses nothing', () => {
    expect(held(check({ status: 'fail' }), unreached).verdict).toBe('fail');
  });

  it('of several endpoints is held against each by host and port, and one that is not among them is judged as it is', () => {
    const { target } = sampleReport();
    const at = (port: number, change: ProbeReport): ProbeReport => ({
      ...change,
      target: { ...target, port },
    });
    const failing = { ...check({ status: 'fail' }), verdict: 'fail' as const };
    const old = json({ schemaVersion: 1, reports: [at(1, failing), at(2, check({}))], verdict: 'fail' });
    const run = (...reports: ProbeReport[]) =>
      againstBaseline(
        { schemaVersion: 1, reports, verdict: 'fail' } as const,
        readBaseline(old, 'old'),
        'high',
      );

    expect(run(at(2, check({})), at(1, failing)).verdict).toBe('pass');
    expect(run(at(1, failing), at(3, failing))).toMatchObject({
      verdict: 'fail',
      reports: [{ verdict: 'pass' }, { verdict: 'fail', baseline: { compared: null } }],
    });
  });

  it('of several addresses is held against the same one', () => {
    const { target } = sampleReport();
    const at = (address: string, change: ProbeReport): ProbeReport => ({
      ...change,
      target: { ...target, address },
    });
    const old = json({
      schemaVersion: 1,
      reports: [at('192.0.2.1', check({ status: 'fail' })), at('192.0.2.2', check({}))],
      verdict: 'fail',
    });

    expect(
      againstBaseline(at('192.0.2.2', check({ status: 'fail' })), readBaseline(old, 'old'), 'high').verdict,
    ).toBe('fail');
  });

  it('excuses no machine that is new behind a name, where several are looked at', () => {
    const { target } = sampleReport();
    const at = (address: string, change: ProbeReport): ProbeReport => ({
      ...change,
      target: { ...target, address },
    });
    const failing = { ...check({ status: 'fail' }), verdict: 'fail' as const };
    const run = (before: ProbeReport, ...reports: ProbeReport[]) =>
      againstBaseline(
        { schemaVersion: 1, reports, verdict: 'fail' } as const,
        readBaseline(json(before), 'old'),
        'high',
      ).reports.map(({ verdict }) => verdict);

    const old = at('192.0.2.1', failing);
    expect(run(old, at('192.0.2.1', failing), at('192.0.2.3', failing))).toEqual(['pass', 'fail']);
    expect(run(old, at('192.0.2.3', failing), at('192.0.2.4', failing))).toEqual(['fail', 'fail']);
    expect(run(old, at('192.0.2.3', failing))).toEqual(['pass']); // the same name, wherever it is now
  });

  it('of another name at the same port excuses nothing, where several are looked at', () => {
    const { target } = sampleReport();
    const named = (servername: string): ProbeReport => ({
      ...check({ status: 'fail' }),
      target: { ...target, servername },
      verdict: 'fail',
    });
    const old = readBaseline(json(named('a.test')), 'old');

    expect(
      againstBaseline(
        { schemaVersion: 1, reports: [named('a.test'), named('b.test')], verdict: 'fail' } as const,
        old,
        'high',
      ).reports.map(({ verdict }) => verdict),
    ).toEqual(['pass', 'fail']);
  });

  it('of TLS from the first octet is none of TLS that begins in the clear', () => {
    const { target } = sampleReport();
    const mail = sampleReport({ target: { ...target, starttls: 'smtp' } });

    expect(() => held(mail, sampleReport())).toThrow(INVALID);
    expect(held(mail, mail).verdict).toBe('pass');
  });

  it('of another endpoint is no baseline', () => {
    const other = sampleReport({ target: { ...sampleReport().target, host: 'other.test' } });

    expect(() => held(sampleReport(), other)).toThrow(INVALID);
  });

  it('may begin with a byte order mark', () => {
    expect(readBaseline(`\ufeff${json(sampleReport())}`, 'old.json')).toHaveLength(1);
  });

  it.each<[string, (report: Record<string, unknown>) => unknown]>([
    ['nothing', () => undefined],
    ['a list', (report) => [report]],
    ['null', () => null],
    ['another version', (report) => ({ ...report, schemaVersion: 2 })],
    ['another tool', (report) => ({ ...report, tool: { name: 'sslyze', version: '5' } })],
    ['reports that are no list', (report) => ({ schemaVersion: 1, reports: report })],
    ['reports that are none', () => ({ schemaVersion: 1, reports: [null] })],
    ['no target', ({ target: _, ...report }) => report],
    ['a check without a status', (report) => ({ ...report, checks: [{ id: 'a', severity: 'low' }] })],
    [
      'a status that is none',
      (report) => ({ ...report, checks: [{ id: 'a', severity: 'low', status: 'fine' }] }),
    ],
    ['a row without a credential', (report) => ({ ...report, proof: [{ status: 'pass', severity: 'low' }] })],
    ['suites that are no list', (report) => ({ ...report, cipherSuites: { 'TLSv1.2': 'all' } })],
    ['a date that is none', (report) => ({ ...report, startedAt: 'yesterday' })],
    ['an error of sslapi', () => ({ schemaVersion: 1, error: { code: 'ERR_USAGE', message: '', hint: '' } })],
  ])('is not %s', (_what, spoil) => {
    const text = JSON.stringify(spoil({ ...sampleReport() })) ?? '';

    expect(() => readBaseline(text, 'old.json')).toThrow(INVALID);
  });
});
