import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ProbeOptions, probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import type { ClientAuthMode } from '../../src/server/server-settings.js';
import { type ApiLab, apiLab } from '../server/api-lab.js';

let lab: ApiLab;
beforeAll(async () => {
  lab = await apiLab();
  const { certificate } = await lab.ca.issueClient({ commonName: 'mallory' });
  await lab.ca.revoke(await lab.ca.find(certificate.serialNumber), { reason: 'keyCompromise' });
});
afterEach(() => lab.stopServers());
afterAll(() => lab?.remove());

const prove = async (clientAuth: ClientAuthMode, options: ProbeOptions = {}): Promise<ProbeReport> => {
  const { address } = await lab.start({ clientAuth });
  return probe(`localhost:${address.port}`, { ca: lab.ca, proveMtls: true, ...options });
};
const failed = ({ proof }: ProbeReport): string[] => [
  ...new Set(proof!.flatMap(({ credential, status }) => (status === 'fail' ? [credential] : []))),
];

describe('the demo API under the proof', () => {
  it('passes where certificates are required: nobody is let in but the good client', async () => {
    const report = await prove('require', { paths: ['/', '/whoami'] });

    expect(failed(report)).toEqual([]);
    expect(report.verdict).toBe('pass');
    const revokedRows = report.proof!.filter(({ credential }) => credential.startsWith('revoked'));
    expect(revokedRows.map(({ observed }) => observed)).not.toContain('accepted');
  });

  it('fails at none where certificates are optional, on the paths that serve strangers', async () => {
    const report = await prove('optional', { paths: ['/whoami'] });

    expect(report).toMatchObject({ verdict: 'fail', clientAuth: { requested: true, required: false } });
    expect(failed(report)).toEqual(['none']);
    expect(report.proof!.find(({ credential }) => credential === 'none')!.evidence).toMatch(
      /certificates are optional here.*--expect/,
    );
  });

  it('passes with certificates optional, where what only a client sees is looked for', async () => {
    const report = await prove('optional', { paths: ['/whoami'], expect: /"authenticated": true/ });

    expect(failed(report)).toEqual([]);
    expect(report.verdict).toBe('pass');
  });

  it('fails as one that asks for no certificate where it does not', async () => {
    const report = await prove('off');

    expect(report).toMatchObject({ verdict: 'fail', clientAuth: { requested: false } });
    expect(failed(report)).toEqual(['none']);
    expect(report.proof!.find(({ credential }) => credential === 'none')!.evidence).toContain(
      'no certificate is asked for',
    );
  });
});
