import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { prometheus } from '../../src/report/prometheus.js';
import { peer } from '../peers/peer.js';
import { everyKind, failedReport, HOSTILE } from './every-kind.js';
import { metricFaults } from './readers.js';
import { sampleReport } from './sample-report.js';

/** Prometheus' own client reads the text: name, labels and value of each sample. */
const PARSE = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as read
print(json.dumps([[s.name, s.labels, s.value] for f in read(sys.stdin.read()) for s in f.samples]))`;
type Sample = [name: string, labels: Record<string, string>, value: number];
const hasClient =
  peer('promtool') && spawnSync('/usr/bin/python3', ['-c', 'import prometheus_client']).status === 0;
const samplesOf = (text: string): Sample[] =>
  JSON.parse(execFileSync('/usr/bin/python3', ['-c', PARSE], { input: text, encoding: 'utf8' })) as Sample[];

describe.runIf(hasClient)('the report as metrics, read by Prometheus’ own client', () => {
  it('has the verdict, the findings by severity, the end of the certificate and the duration', () => {
    const samples = samplesOf(prometheus(failedReport()));
    const gauge = (name: string, labels: Record<string, string> = {}): number | undefined =>
      samples.find(
        ([one, own]) =>
          one === `sslapi_probe_${name}` &&
          Object.entries(labels).every(([key, value]) => own[key] === value),
      )?.[2];

    expect([gauge('verdict', { verdict: 'fail' }), gauge('verdict', { verdict: 'pass' })]).toEqual([1, 0]);
    expect(gauge('findings', { severity: 'critical', status: 'fail' })).toBe(3);
    expect(gauge('findings', { severity: 'info', status: 'fail' })).toBe(0);
    expect(gauge('certificate_not_after_seconds')).toBe(Date.parse('2027-06-01T00:00:00Z') / 1000);
    expect(gauge('duration_seconds')).toBe(0.12);
  });

  it('says of what was not reached that it was not, and nothing of findings', () => {
    const samples = samplesOf(prometheus(everyKind()['unreachable']!));

    expect(samples.find(([name]) => name === 'sslapi_probe_reached')?.[2]).toBe(0);
    expect(samples.filter(([name]) => name === 'sslapi_probe_findings')).toEqual([]);
  });

  it('has each series once, also of several addresses of a name', () => {
    const { target } = sampleReport();
    const reports = ['192.0.2.1', '192.0.2.2', '192.0.2.2'].map((address) =>
      sampleReport({ target: { ...target, address } }),
    );
    const samples = samplesOf(prometheus({ schemaVersion: 1, reports, verdict: 'pass' }));
    const series = samples.map(([name, labels]) => JSON.stringify([name, labels]));

    expect(new Set(series).size).toBe(series.length);
    expect(samples.filter(([name]) => name === 'sslapi_probe_reached')).toHaveLength(2);
  });

  it('keeps the text of a stranger within its label', () => {
    const labels = samplesOf(prometheus(everyKind()['hostile']!))[0]![1];

    expect(Object.keys(labels)).toEqual(['host', 'port', 'servername', 'verdict']);
    expect(labels['host']).toContain(HOSTILE.slice(HOSTILE.indexOf(']]>'), HOSTILE.indexOf(' @everyone')));
  });
});

describe.runIf(peer('promtool'))('promtool refuses', () => {
  it.each([
    ['a label that is not closed', (text: string) => text.replace('",', ',')],
    ['a metric without a HELP', (text: string) => text.replace(/^# HELP .*\n/, '')],
  ])('%s', (_fault, spoil) => {
    expect(metricFaults(spoil(prometheus(failedReport())))).not.toEqual([]);
  });
});
