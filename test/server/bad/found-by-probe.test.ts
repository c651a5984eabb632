import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { probe } from '../../../src/probe/probe.js';
import type { ProbeReport } from '../../../src/probe/probe-report.js';
import { localTrust } from '../../../src/probe/trust.js';
import { BAD_KINDS } from '../../../src/server/bad/kinds/index.js';
import { type BadLab, badLab } from './bad-lab.js';

let lab: BadLab;
let ordinary: ReadonlySet<string>;
beforeAll(async () => {
  lab = await badLab();
  ordinary = new Set(failedIn(await probed('good')));
});
afterAll(() => lab?.close());

const probed = (id: string): Promise<ProbeReport> =>
  probe(`localhost:${lab.portOf(id)}`, { trust: [localTrust(lab.ca)] });

/** From severity medium on; the control has no request for HSTS and no key exchange of after quantum computers either. */
const failedIn = ({ checks }: ProbeReport): string[] =>
  checks
    .filter(({ status, severity }) => status === 'fail' && !['info', 'low'].includes(severity))
    .map(({ id }) => id);

/** What fails of a kind beside the check that it is named for, for it is a part of it or comes of it. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  expired: ['certificate-trusted'],
  'not-yet-valid': ['certificate-trusted'],
  'no-san': ['certificate-matches-hostname'],
  'wildcard-misused': ['certificate-trusted'],
  'self-signed': ['certificate-trusted'],
  'missing-intermediate': ['certificate-trusted'],
  'eku-client-only': ['certificate-trusted'],
  'issued-by-leaf': ['certificate-not-self-signed'],
  'expired-intermediate': ['certificate-not-expired'],
  sha1: ['certificate-trusted'],
  rsa1024: ['certificate-trusted'],
};

/** Old versions and suites bring their own faults along. */
const isOfProtocol = (id: string): boolean =>
  /^(sslv|tls1|null|anon|rc4|3des|export|freak|dh\d|static)/.test(id);

describe('sslapi probe', () => {
  it('finds nothing wrong with the control', () => {
    expect([...ordinary]).toEqual([]);
  });

  const kinds = BAD_KINDS.filter(({ id, foundBy }) => foundBy !== null && !id.startsWith('client-auth'));
  it.each(kinds.map(({ id, foundBy }) => [id, foundBy!] as const))('finds %s by %s', async (id, check) => {
    const report = await probed(id);

    const failed = failedIn(report);
    expect(failed.concat(lowIn(report))).toContain(check);
    if (isOfProtocol(id)) return;
    const wanted = [check, ...(BESIDE[id] ?? [])];
    expect(failed.filter((one) => !wanted.includes(one))).toEqual([]);
  });

  it('takes a server with one odd group for no worse than it is', async () => {
    const failed = lowIn(await probed('weak-group'));

    expect(failed).not.toContain('offers-tls-1-2-or-1-3');
    expect(failed.filter((id) => id.startsWith('tolerates'))).toEqual([]);
  });

  it('finds no fault with a certificate that is only large', async () => {
    expect(failedIn(await probed('large-certificate'))).toEqual([]);
  });

  const asking = BAD_KINDS.filter(({ id }) => id.startsWith('client-auth'));
  it.each(asking.map(({ id, foundBy }) => [id, foundBy!] as const))(
    'proves of %s that it lets in who it must not, by the row %s',
    async (id, row) => {
      const { proof, verdict } = await probe(`localhost:${lab.portOf(id)}`, { ca: lab.ca, proveMtls: true });

      expect(verdict).toBe('fail');
      expect(proof?.find(({ credential, status }) => credential === row && status === 'fail')).toBeDefined();
      expect(
        proof?.filter(({ credential }) => credential === 'good').map(({ status }) => status),
      ).not.toContain('fail');
    },
  );
});

function lowIn({ checks }: ProbeReport): string[] {
  return checks.filter(({ status }) => status === 'fail').map(({ id }) => id);
}
