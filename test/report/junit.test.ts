import { describe, expect, it } from 'vitest';
import { junit } from '../../src/report/junit.js';
import { peer } from '../peers/peer.js';
import { everyKind, failedReport, HOSTILE } from './every-kind.js';
import { junitFaults, xpath } from './readers.js';

describe.runIf(peer('xmllint'))('the report as JUnit’s XML', () => {
  it('has a case for each check and each row, and counts them by what they came to', () => {
    const report = failedReport();
    const xml = junit(report);
    const count = (path: string): number => Number(xpath(xml, `count(//testcase${path})`));

    expect(count('')).toBe(report.checks.length + report.proof!.length);
    expect(new Set(xpath(xml, '//testcase/@name').split('\n')).size).toBe(count(''));
    for (const [kind, element] of [
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const)
      expect(Number(xpath(xml, `string(//testsuite/@${kind})`))).toBe(count(`/${element}`));
    expect([count('/failure'), count('/error'), count('/skipped')]).toEqual([4, 2, 2]);
  });

  it('has what could not be told as an error, and advice as a pass', () => {
    const xml = junit(failedReport());

    expect(xpath(xml, 'string(//testcase[contains(@name, "is-known")]/error/@message)')).toBe(
      'no answer came in time',
    );
    expect(xpath(xml, 'count(//testcase[contains(@name, "eku-none")]/*)')).toBe('0');
  });

  it('is never an empty suite where nothing was reached', () => {
    const xml = junit(everyKind()['unreachable']!);

    expect(xpath(xml, 'string(//testsuite/@errors)')).toBe('1');
    expect(xpath(xml, 'string(//error/@message)')).toContain('ERR_UNREACHABLE');
  });

  it('has a suite for each of several endpoints', () => {
    expect(xpath(junit(everyKind()['several']!), 'count(/testsuites/testsuite)')).toBe('3');
  });

  it('keeps every character that XML can hold', () => {
    const seen = xpath(junit(everyKind()['hostile']!), 'string(//testcase[1]/@name)');

    expect(seen).toContain(HOSTILE.slice(HOSTILE.indexOf(']]>'), HOSTILE.indexOf(' @everyone')));
  });

  it.each([
    ['a suite without a host', (xml: string) => xml.replace(/ hostname="[^"]*"/, '')],
    ['a time with a zone', (xml: string) => xml.replace(/(timestamp="[^"]*)/, '$1Z')],
    ['a failure without a type', (xml: string) => xml.replace(/(<failure[^>]*) type="[^"]*"/, '$1')],
    [
      'an attribute that nobody knows',
      (xml: string) => xml.replace('<testcase ', '<testcase severity="low" '),
    ],
    ['text that is not escaped', (xml: string) => xml.replace('3 days', '3 < days')],
    ['a control character', (xml: string) => xml.replace('3 days', '3 \u001b days')],
  ])('is refused by xmllint with %s', (_fault, spoil) => {
    expect(junitFaults(spoil(junit(failedReport())))).not.toEqual([]);
  });
});
