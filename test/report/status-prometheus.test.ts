import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Status } from '../../src/ca/status.js';
import { statusPrometheus } from '../../src/report/status-prometheus.js';
import { peer } from '../peers/peer.js';

const from = new Date('2026-03-01T00:00:00Z');
const until = new Date('2026-06-01T00:00:00Z');
const STATUS: Status = {
  at: from,
  due: [{ kind: 'file', name: 'ca.crt', serialNumber: null, dueAt: from, reason: 'missing' }],
  watched: [
    { kind: 'ca', name: 'root.ca', profile: 'root', serialNumber: '01', from, until },
    { kind: 'crl', name: 'root', profile: 'root', serialNumber: null, from, until },
    { kind: 'certificate', name: 'a"\\\nb', profile: 'server', serialNumber: '02', from, until },
    { kind: 'certificate', name: '_wildcard.api.test', profile: 'client', serialNumber: '03', from, until },
  ],
};
const SERIES = [
  ['sslapi_ca_not_after_seconds{ca="root"}', 1780272000],
  ['sslapi_certificate_not_after_seconds{name="_wildcard.api.test",profile="client"}', 1780272000],
  ['sslapi_crl_this_update_seconds{ca="root"}', 1772323200],
  ['sslapi_crl_next_update_seconds{ca="root"}', 1780272000],
  ['sslapi_due{kind="file"}', 1],
  ['sslapi_due{kind="certificate"}', 0],
  ['sslapi_status_seconds', 1772323200],
] as const;

describe('the metrics of a PKI', () => {
  it.each(SERIES)('%s is %d', (series, value) => {
    expect(statusPrometheus(STATUS).split('\n')).toContain(`${series} ${value}`);
  });

  it.runIf(peer('promtool')).each([
    ['of one with all kinds', STATUS],
    ['of an empty one', { at: from, due: [], watched: [] }],
  ])('%s are what promtool takes without a word', (_, status) => {
    const said = execFileSync('promtool', ['check', 'metrics'], {
      input: statusPrometheus(status),
      encoding: 'utf8',
    });

    expect(said).toBe('');
  });
});
