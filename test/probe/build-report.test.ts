import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/probe/build-report.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import type { Offered, Scan } from '../../src/probe/scan.js';
import type { TlsVersion } from '../../src/tls/version.js';
import { sampleScan, seen } from './sample-scan.js';

const reportOf = (scan: Scan): ProbeReport => {
  const target = { host: 'api.test', port: 443, servername: 'api.test', address: null };
  const tool = { name: 'sslapi', version: '1.2.3' };
  const basis = { tool, target, startedAt: new Date(0), clockMs: 0, failOn: 'high' } as const;
  return buildReport(basis, { ...seen(scan), chain: [], at: new Date(0) }, [], null, 1);
};

describe('a report', () => {
  it('says which of its lists may lack something, and why', () => {
    const { groups, cipherSuites } = sampleScan();
    const short = <T extends Offered>(lists: ReadonlyMap<TlsVersion, T>, version: TlsVersion, why: string) =>
      new Map([...lists].map(([of, list]) => [of, of === version ? { ...list, incomplete: why } : list]));
    const { incomplete } = reportOf(
      sampleScan({
        groups: short(groups, 'TLSv1.2', 'others may be hidden'),
        cipherSuites: short(cipherSuites, 'TLSv1.3', 'no answer came in time'),
      }),
    );

    expect(incomplete).toEqual({
      cipherSuites: { 'TLSv1.3': 'no answer came in time' },
      groups: { 'TLSv1.2': 'others may be hidden' },
    });
  });

  it('has nothing of the kind where all lists are whole', () => {
    expect(reportOf(sampleScan())).not.toHaveProperty('incomplete');
  });
});
