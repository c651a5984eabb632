import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../src/probe/check.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import type { ProofRow } from '../../src/probe/proof-row.js';
import { exitCodeOf, overallVerdict, summaryOf, verdictOf } from '../../src/probe/verdict.js';

const check = (status: CheckResult['status'], severity: CheckResult['severity']) =>
  ({ status, severity }) as CheckResult;
const row = (status: ProofRow['status'], severity: ProofRow['severity'] = 'high') =>
  ({ status, severity }) as ProofRow;

describe('the verdict', () => {
  it.each<[string, CheckResult[], ProofRow[] | null, CheckResult['severity'], string]>([
    ['nothing wrong', [check('pass', 'high'), check('not-applicable', 'high')], null, 'high', 'pass'],
    ['a fault below --fail-on', [check('fail', 'medium')], null, 'high', 'pass'],
    ['a fault at --fail-on', [check('fail', 'high')], null, 'high', 'fail'],
    ['a fault above --fail-on', [check('fail', 'critical')], null, 'high', 'fail'],
    ['an undecided check at --fail-on', [check('inconclusive', 'high')], null, 'high', 'inconclusive'],
    ['an undecided check below', [check('inconclusive', 'info')], null, 'high', 'pass'],
    [
      'a fault outranks what is undecided',
      [check('inconclusive', 'high'), check('fail', 'high')],
      null,
      'high',
      'fail',
    ],
    ['a row that failed, whatever --fail-on', [], [row('fail', 'high')], 'critical', 'fail'],
    ['an undecided row', [], [row('pass'), row('inconclusive')], 'critical', 'inconclusive'],
    ['advice changes nothing', [], [row('pass'), row('advisory')], 'info', 'pass'],
    ['a proof without a row', [check('pass', 'high')], [], 'high', 'inconclusive'],
  ])('%s', (_what, checks, proof, failOn, verdict) => expect(verdictOf(checks, proof, failOn)).toBe(verdict));

  it('over several: 1 outranks 3 outranks 0', () => {
    expect(overallVerdict(['pass', 'inconclusive', 'fail'])).toBe('fail');
    expect(overallVerdict(['pass', 'inconclusive'])).toBe('inconclusive');
    expect(overallVerdict(['pass', 'pass'])).toBe('pass');
    expect(overallVerdict([])).toBe('inconclusive');
  });

  it('is an exit code, and what was not reached is never 0', () => {
    const report = (verdict: ProbeReport['verdict'], error?: object) =>
      ({ verdict, ...(error && { error }) }) as ProbeReport;
    const several = (...reports: ProbeReport[]) => ({ schemaVersion: 1, reports, verdict: 'pass' }) as const;

    expect(exitCodeOf(report('pass'))).toBe(0);
    expect(exitCodeOf(report('fail'), true)).toBe(1);
    expect(exitCodeOf(report('inconclusive'))).toBe(3);
    expect(exitCodeOf(report('inconclusive'), true)).toBe(0);
    expect(exitCodeOf(report('inconclusive', {}), true)).toBe(3);
    expect(exitCodeOf(several(report('pass'), report('inconclusive', {})), true)).toBe(3);
    expect(exitCodeOf(several(report('inconclusive', {}), report('fail')))).toBe(1);
  });

  it('comes with a count of everything', () => {
    expect(
      summaryOf(
        [check('pass', 'low'), check('not-applicable', 'low')],
        [row('fail'), row('advisory'), row('inconclusive')],
      ),
    ).toEqual({ pass: 1, fail: 1, advisory: 1, inconclusive: 1, notApplicable: 1 });
  });
});
