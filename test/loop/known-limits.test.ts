import { describe, expect, it } from 'vitest';
import { settleKnownLimits } from '../../src/loop/known-limits.js';
import type { CheckResult } from '../../src/probe/check.js';
import type { ProofRow } from '../../src/probe/proof-row.js';
import { sampleReport } from '../report/sample-report.js';

const row = (credential: string, change: Partial<ProofRow> = {}): ProofRow => ({
  credential,
  tlsVersion: 'TLSv1.3',
  alpn: null,
  path: '/',
  keyType: 'ec-p256',
  expected: 'refuse',
  observed: 'refused',
  status: 'pass',
  severity: 'high',
  how: 'alert',
  alert: 'bad_certificate',
  httpStatus: null,
  evidence: 'TLS alert bad_certificate',
  twin: 'accepted',
  ...change,
});
const letIn = (credential: string, change: Partial<ProofRow> = {}): ProofRow =>
  row(credential, {
    observed: 'accepted',
    status: 'fail',
    how: null,
    alert: null,
    httpStatus: 200,
    evidence: 'HTTP 200; it may have no CRL',
    ...change,
  });
const GOOD = row('good', { expected: 'accept', observed: 'accepted' });
const REVOKED = ['revoked', 'revoked-latest', 'revoked-issuer', 'resumed-after-revocation'];
const BLIND = { name: 'caddy', checksRevocation: false };
const settle = (proof: readonly ProofRow[], target: Parameters<typeof settleKnownLimits>[1] = BLIND) =>
  settleKnownLimits(sampleReport({ proof, verdict: 'fail' }), target);

describe('a server that is known not to check CRLs', () => {
  it('passes where it lets in those alone who have been revoked, and is told to', () => {
    const { report, limits } = settle([
      GOOD,
      row('none'),
      ...REVOKED.map((credential) => letIn(credential)),
      letIn('revoked', { alpn: 'h2' }),
    ]);

    expect(report).toMatchObject({ verdict: 'pass', summary: { pass: 3, fail: 0, advisory: 5 } });
    expect(limits).toEqual([{ limit: 'caddy cannot check CRLs', credentials: REVOKED, rows: 5 }]);
    expect(report.proof![2]).toMatchObject({
      status: 'advisory',
      observed: 'accepted',
      severity: 'high',
      evidence: expect.stringMatching(/^HTTP 200: as it must be expected, for caddy cannot check CRLs; let /),
    });
  });

  it.each(['none', 'expired', 'self-signed', 'spoofed-header'])(
    'fails where it lets in %s besides',
    (credential) => {
      const { report } = settle([GOOD, letIn('revoked'), letIn(credential)]);

      expect(report).toMatchObject({ verdict: 'fail', summary: { fail: 1 } });
    },
  );

  it.each(REVOKED)('fails where it refuses %s: what is known of it is out of date', (credential) => {
    const others = REVOKED.filter((one) => one !== credential).map((one) => letIn(one));
    const { report } = settle([GOOD, row(credential), ...others]);

    expect(report.verdict).toBe('fail');
    const failed = report.proof!.filter(({ status }) => status === 'fail');
    expect(failed).toMatchObject([{ credential, observed: 'refused' }]);
    expect(failed[0]!.evidence).toMatch(/TLS alert bad_certificate.*checksRevocation: false.* out of date/s);
  });

  it('is given nothing for what could not be told, and for rows that are advice anyhow', () => {
    const undecided = row('revoked', { observed: 'inconclusive', status: 'inconclusive' });
    const open = letIn('open-connection-after-revocation', { expected: 'either', status: 'advisory' });

    const { report, limits } = settle([GOOD, undecided, open]);

    expect(report).toMatchObject({ verdict: 'inconclusive', proof: [GOOD, undecided, open] });
    expect(limits).toEqual([]);
  });
});

describe('a server that looks for clients alone in CRLs', () => {
  const HALF = { name: 'stunnel', checksRevocation: true, checksIssuers: false };

  it('passes where it lets in the clients of a CA that was revoked', () => {
    const { report, limits } = settle([GOOD, row('revoked'), letIn('revoked-issuer')], HALF);

    expect(report).toMatchObject({ verdict: 'pass', proof: [{}, {}, { status: 'advisory' }] });
    expect(limits).toMatchObject([{ credentials: ['revoked-issuer'], rows: 1 }]);
  });

  it.each(['revoked', 'revoked-latest', 'resumed-after-revocation'])('fails where it lets in %s', (one) => {
    expect(settle([GOOD, letIn(one), letIn('revoked-issuer')], HALF).report.verdict).toBe('fail');
  });

  it('fails where it refuses those of a revoked CA', () => {
    const { proof, verdict } = settle([GOOD, row('revoked-issuer')], HALF).report;

    expect({ verdict, evidence: proof![1]!.evidence }).toEqual({
      verdict: 'fail',
      evidence: expect.stringContaining('`checksIssuers: false` of this target is out of date'),
    });
  });

  it('is given nothing where the row proves nothing', () => {
    const untold = row('revoked-issuer', { status: 'advisory' });

    expect(settle([GOOD, untold], HALF)).toMatchObject({ report: { proof: [GOOD, untold] }, limits: [] });
  });
});

describe('checks', () => {
  const check = (
    id: string,
    status: CheckResult['status'],
    severity: CheckResult['severity'],
  ): CheckResult => ({
    ...{ id, title: id, citation: 'RFC 8446', remediation: 'mend it', evidence: 'seen' },
    ...{ status, severity },
  });
  const OWN = {
    name: 'caddy',
    checksRevocation: true,
    ownFindings: { why: 'is as it is', checks: ['own', 'other'] },
  };
  const settleChecks = (...checks: readonly CheckResult[]) =>
    settleKnownLimits(sampleReport({ proof: [GOOD], checks, verdict: 'fail' }), OWN);

  it('that fail for what the server does by itself do not count, and are named', () => {
    const { report, limits } = settleChecks(check('own', 'fail', 'high'), check('other', 'pass', 'high'));

    expect(report).toMatchObject({
      verdict: 'pass',
      checks: [
        {
          status: 'fail',
          evidence: 'seen: as it must be expected, for caddy is as it is',
          remediation: expect.stringMatching(/^Nothing in its configuration file changes it/),
        },
        { evidence: 'seen', remediation: 'mend it' },
      ],
    });
    expect(limits).toEqual([{ limit: 'caddy is as it is', credentials: [], rows: 0, checks: ['own'] }]);
  });

  it.each([
    ['fail', 'medium', 'fail'],
    ['inconclusive', 'medium', 'inconclusive'],
    ['fail', 'low', 'pass'],
    ['inconclusive', 'low', 'pass'],
  ] as const)('others count from medium on: %s, %s: %s', (status, severity, verdict) => {
    expect(settleChecks(check('new', status, severity)).report.verdict).toBe(verdict);
  });

  it.each([
    ['pass', 'inconclusive'],
    ['fail', 'fail'],
  ] as const)('where no proof came about are no pass: %s: %s', (status, verdict) => {
    const checks = [check('upstream-hears-client', status, 'high')];
    const seen = sampleReport({ proof: null, checks, verdict: 'inconclusive' });

    expect(settleKnownLimits(seen, OWN).report).toMatchObject({ verdict, summary: { [status]: 1 } });
  });

  it('that could not be told are no finding of its own', () => {
    expect(settleChecks(check('own', 'inconclusive', 'high'))).toMatchObject({
      report: { verdict: 'inconclusive' },
      limits: [],
    });
  });
});

it('a server that checks CRLs is given nothing', () => {
  const proof = [GOOD, letIn('revoked')];

  const { report, limits } = settle(proof, { name: 'nginx', checksRevocation: true });

  expect(report).toMatchObject({ verdict: 'fail', proof });
  expect(limits).toEqual([]);
});
