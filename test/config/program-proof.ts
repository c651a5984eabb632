import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { presentedCredential } from '../../src/credentials/presented-credential.js';
import { type ConfigLevel, policyOf } from '../../src/policy/policies.js';
import { probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import type { ProofRow } from '../../src/probe/proof-row.js';
import { peer } from '../peers/peer.js';
import { makeProbePki } from '../probe/probe-pki.js';
import { type Program, startProgram } from './programs.js';

/** The whole proof and the scan by its level's policy, of programs at both levels, all at once; a revocation included.
 *  @param ownFindings checks that may fail, for no configuration can change them */
export function proveThemselves(programs: readonly Program[], ownFindings: readonly string[]): void {
  const there = programs.filter(({ needs }) => needs.every(peer));
  const cases = there.flatMap((program) => LEVELS.map((level) => ({ program, level, name: program.target })));
  describe.runIf(cases.length > 0)('under the whole proof', () => {
    let reports: readonly ProbeReport[] = [];
    beforeAll(async () => {
      reports = await Promise.all(cases.map(({ program, level }) => prove(program, level)));
    });

    describe.each(cases.map((one, index) => ({ ...one, index })))('$name, $level', ({ index }) => {
      it('passes, row by row', () => {
        const { verdict, proof } = reports[index]!;

        const rows = proof!.filter(({ expected }) => expected !== 'either');
        expect(rows.map(({ credential }) => credential)).toEqual(expect.arrayContaining(MUST_BE_THERE));
        const others = rows.filter(({ status }) => status !== 'pass').map(told);
        expect(others.filter(isNotExcused)).toEqual([]);
        expect(verdict).toBe('pass');
      });

      it('lets no open connection outlive a revocation', () => {
        const seen = reports[index]!.proof!.filter(
          ({ credential }) => credential === 'open-connection-after-revocation',
        ).map(({ observed }) => observed);

        expect(new Set(seen)).toEqual(new Set(['refused']));
      });

      it('gives the scan nothing to find that a configuration could change', () => {
        const failed = reports[index]!.checks.filter(({ status }) => status === 'fail');

        expect(ownFindings).toEqual(expect.arrayContaining(failed.map(({ id }) => id)));
      });
    });
  });
}

const LEVELS = ['modern', 'intermediate'] as const;

async function prove(program: Program, level: ConfigLevel): Promise<ProbeReport> {
  const { ca, served, close } = await makeProbePki({ name: 'Program' });
  try {
    await ca.issueServer({
      commonName: 'short',
      validityDays: 80, // what modern asks for
      subjectAltName: [{ type: 'dNSName', value: 'localhost' }],
    });
    await ca.issueClient({ commonName: 'alice' });
    const { certificate } = await ca.issueClient({ commonName: 'mallory' });
    await ca.revoke(await ca.find(certificate.serialNumber), { reason: 'keyCompromise' });
    const server = ca.filesOf({ name: 'short', folder: null });
    const alice = ca.filesOf({ name: 'alice', folder: null });
    const running = await startProgram(program, served.folder, {
      level,
      files: { ...served.files, fullchain: server.fullchain, privkey: server.privkey! },
    });
    try {
      return await probe(`localhost:${running.port}`, {
        ca,
        client: await presentedCredential(readFileSync(alice.fullchain), readFileSync(alice.privkey!)),
        policy: policyOf(level),
        proveMtls: true,
        revokeLive: true,
        deployCrl: async () => {
          await (program.isLazy ? sleep(1100) : running.says(/reloaded/, running.log().length));
          return null;
        },
        timeoutMs: 20_000,
      });
    } finally {
      await running.stop();
    }
  } finally {
    await close();
  }
}

function told({ credential, tlsVersion, alpn, status, evidence }: ProofRow): string {
  return `${credential} (${tlsVersion}, ${alpn}): ${status}, ${evidence}`;
}

/** A server that checks CRLs has none for an intermediate that was made a moment ago, whatever else is wrong with it; and one
 *  that gives no sessions has none that a stranger could go on with. */
function isNotExcused(row: string): boolean {
  return !/refused, but so is its faultless twin|strangers are given no session to resume/.test(row);
}

const MUST_BE_THERE = [
  'good',
  'none',
  'self-signed',
  'rogue-ca',
  'other-ca',
  'wrong-key',
  'expired',
  'eku-server-only',
  'revoked',
  'revoked-latest',
  'revoked-issuer',
  'spoofed-header',
  'resumed-after-revocation',
];
