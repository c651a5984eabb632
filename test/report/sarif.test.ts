import { describe, expect, it } from 'vitest';
import { sarif } from '../../src/report/sarif.js';
import { everyKind, failedReport } from './every-kind.js';
import { sarifFaults } from './readers.js';

type Log = { runs: [Run] };
interface Run {
  tool: { driver: { rules: Array<{ id: string; properties: Record<string, unknown> }> } };
  invocations: [{ executionSuccessful: boolean; toolExecutionNotifications: unknown[] }];
  results: Array<{
    ruleId: string;
    ruleIndex: number;
    level: string;
    partialFingerprints: Record<string, string>;
    locations: [
      {
        physicalLocation: { artifactLocation: { uri: string } };
        logicalLocations: [{ fullyQualifiedName: string }];
      },
    ];
  }>;
}
const runOf = (report: Parameters<typeof sarif>[0]): Run => (JSON.parse(sarif(report)) as Log).runs[0];

describe('the report as SARIF', () => {
  it('has a rule for each check and credential, and a result for each that failed', () => {
    const { tool, results } = runOf(failedReport());
    const rules = tool.driver.rules.map(({ id }) => id);

    expect(new Set(rules).size).toBe(rules.length);
    expect(results.map(({ ruleId }) => ruleId)).toEqual(['has-time', 'no-ssl-3', 'proof/none', 'proof/none']);
    for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex]).toBe(ruleId);
  });

  it('has a level by the severity', () => {
    expect(runOf(failedReport()).results.map(({ level }) => level)).toEqual([
      'warning',
      'error',
      'error',
      'error',
    ]);
  });

  it('tells what could not be decided, and that the run was not whole', () => {
    const [{ executionSuccessful, toolExecutionNotifications }] = runOf(failedReport()).invocations;

    expect([executionSuccessful, toolExecutionNotifications.length]).toEqual([false, 2]);
    expect(runOf(everyKind()['unreachable']!).invocations[0]).toMatchObject({
      executionSuccessful: false,
      toolExecutionNotifications: [{ descriptor: { id: 'ERR_UNREACHABLE' } }],
    });
    expect(runOf(everyKind()['pass']!).invocations[0].executionSuccessful).toBe(true);
  });

  it('places a result at the endpoint: GitHub takes a physical location without a scheme only', () => {
    const [{ physicalLocation, logicalLocations }] = runOf(failedReport()).results[2]!.locations;

    expect(physicalLocation.artifactLocation.uri).toBe('2001%3Adb8%3A%3A7/8443');
    expect(logicalLocations[0].fullyQualifiedName).toBe('tls://[2001:db8::7]:8443/');
  });

  it('has the same fingerprint for the same finding another day, and for each its own', () => {
    const prints = ({ results }: Run): string[] =>
      results.map((one) => Object.values(one.partialFingerprints)[0]!);
    const today = prints(runOf(failedReport()));
    const { checks, proof } = failedReport();
    const later = {
      ...failedReport(),
      startedAt: '2026-07-01T00:00:00.000Z',
      durationMs: 7,
      checks: checks.map((check) => ({ ...check, evidence: '1 day left' })).reverse(),
      proof: proof!.map((row) => ({ ...row, evidence: 'other' })),
    };

    expect(new Set(today).size).toBe(today.length);
    expect(prints(runOf(later)).sort()).toEqual(today.sort());
  });

  it.each([
    ['a level that is none', (log: string) => log.replace('"level": "error"', '"level": "critical"')],
    ['a run without a tool', (log: string) => log.replace('"driver"', '"drivers"')],
    ['another version', (log: string) => log.replace('"2.1.0"', '"2.2.0"')],
  ])('is refused by the schema with %s', (_fault, spoil) => {
    expect(sarifFaults(spoil(sarif(failedReport())))).not.toEqual([]);
  });
});
