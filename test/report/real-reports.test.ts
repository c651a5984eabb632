import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { againstBaseline } from '../../src/probe/baseline.js';
import { readBaseline } from '../../src/probe/baseline-file.js';
import { probe } from '../../src/probe/probe.js';
import type { ProbeReport, ProbeReports } from '../../src/probe/probe-report.js';
import { reporters } from '../../src/report/index.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';
import { makeProbePki, type ProbePki } from '../probe/probe-pki.js';
import { htmlFaults, junitFaults, metricFaults, reportFaults, sarifFaults } from './readers.js';

let pki: ProbePki;
let stop: () => void;
const probed = new Map<string, ProbeReport | ProbeReports>();

beforeAll(async () => {
  pki = await makeProbePki();
  const { fullchain, privkey, caChain } = pki.served.files;
  const [cert, key, ca] = [fullchain, privkey, caChain].map((path) => readFileSync(path));
  const server = createServer({ cert: cert!, key: key!, ca: ca!, requestCert: true }, (_request, response) =>
    response.end('hello'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  const { port } = server.address() as AddressInfo;
  const target = `127.0.0.1:${port}`;
  const seen = await probe(target, { ca: pki.ca });
  const proven = await probe(target, { ca: pki.ca, proveMtls: true });
  const unreached = await probe(`127.0.0.1:${await freePort()}`);
  probed.set('seen', seen).set('proven', proven).set('unreachable', unreached);
  probed.set('several', { schemaVersion: 1, reports: [seen, unreached], verdict: 'inconclusive' });
  probed.set('since', againstBaseline(proven, readBaseline(reporters.json(seen), 'seen.json'), 'high'));
});
afterAll(async () => {
  stop();
  await pki.close();
});

describe('the report on a real server', () => {
  it.each(['seen', 'proven', 'unreachable', 'several', 'since'])(
    '%s: is taken by every reader',
    async (kind) => {
      const report = probed.get(kind)!;

      expect(reportFaults(reporters.json(report))).toEqual([]);
      expect(sarifFaults(reporters.sarif(report))).toEqual([]);
      expect(await htmlFaults(reporters.html(report))).toEqual([]);
      if (peer('xmllint')) expect(junitFaults(reporters.junit(report))).toEqual([]);
      if (peer('promtool')) expect(metricFaults(reporters.prometheus(report))).toEqual([]);
    },
  );

  it('has not changed since itself', () => {
    const { baseline } = againstBaseline(
      probed.get('proven') as ProbeReport,
      readBaseline(reporters.json(probed.get('proven')!), 'a'),
      'info',
    );

    expect([baseline?.worse, baseline?.better, baseline?.changed]).toEqual([[], [], []]);
  });

  it('has every fault of a proof as worse where the baseline had no proof', () => {
    const { baseline, proof } = probed.get('since') as ProbeReport;
    const faults = proof!.filter(({ status }) => status === 'fail');

    expect(faults.length).toBeGreaterThan(0);
    expect(baseline!.worse.filter(({ kind, after }) => kind === 'row' && after === 'fail')).toHaveLength(
      faults.length,
    );
  });
});
