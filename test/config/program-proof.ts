import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { presentedCredential } from '../../src/credentials/presented-credential.js';
import { PROVABLE_TARGETS } from '../../src/loop/installed-server.js';
import { CONFIG_LEVELS, type ConfigLevel, policyOf } from '../../src/policy/policies.js';
import { probe } from '../../src/probe/probe.js';
import type { ProbeReport } from '../../src/probe/probe-report.js';
import type { ProofRow } from '../../src/probe/proof-row.js';
import { peer } from '../peers/peer.js';
import { makeProbePki } from '../probe/probe-pki.js';
import type { OpensslPki } from './openssl-pki.js';
import { type Program, startProgram } from './programs.js';

/** What can be put to the whole proof: a server or a program that runs on a configuration of ours. */
export interface Candidate {
  readonly name: string;
  /** Programs and libraries that must be on this machine. */
  readonly needs: readonly string[];
  readonly start: (
    served: OpensslPki,
    wishes: Pick<ConfigRequest, 'files' | 'level'>,
  ) => Promise<RunningCandidate>;
  /** Whether it looks again at the clients whose connections are open. */
  readonly looksAgain: boolean;
}

export interface RunningCandidate {
  readonly port: number;
  /** Makes it read its new CRLs, or waits until it has. */
  readonly deploy: () => Promise<unknown>;
  readonly stop: () => Promise<unknown>;
}

/** Programs as candidates: they read their files by themselves, and look at them with each request. */
export function proveThemselves(programs: readonly Program[], ownFindings: readonly string[]): void {
  putToProof(programs.map(candidateOf), ownFindings);
}

function candidateOf(program: Program): Candidate {
  return {
    name: program.target,
    needs: program.needs,
    looksAgain: true,
    start: async (served, wishes) => {
      const running = await startProgram(program, served.folder, wishes);
      const { port, stop } = running;
      const reloaded = () => running.says(/reloaded/, running.log().length);
      return { port, stop, deploy: program.isLazy ? () => sleep(1100) : reloaded };
    },
  };
}

/** The whole proof and the scan by its level's policy, of candidates at the levels that nothing else proves
 *  them at; a revocation included.
 *  @param ownFindings checks that may fail, for no configuration can change them */
export function putToProof(candidates: readonly Candidate[], ownFindings: readonly string[]): void {
  const there = candidates.filter(({ needs }) => needs.every(peer));
  const cases = there.flatMap((candidate) =>
    levelsOf(candidate).map((level) => ({ candidate, level, name: candidate.name })),
  );
  describe.runIf(cases.length > 0)('under the whole proof', () => {
    const reports: ProbeReport[] = [];
    beforeAll(async () => {
      for (let at = 0; at < cases.length; at += AT_ONCE) {
        const some = cases.slice(at, at + AT_ONCE);
        reports.push(...(await Promise.all(some.map(({ candidate, level }) => prove(candidate, level)))));
      }
    }, 300_000);

    describe.each(cases.map((one, index) => ({ ...one, index })))('$name, $level', ({ index, candidate }) => {
      it('passes, row by row', () => {
        const { verdict, proof } = reports[index]!;

        const rows = proof!.filter(({ expected }) => expected !== 'either');
        expect(rows.map(({ credential }) => credential)).toEqual(expect.arrayContaining(MUST_BE_THERE));
        const others = rows.filter(({ status }) => status !== 'pass').map(told);
        expect(others.filter(isNotExcused)).toEqual([]);
        expect(verdict).toBe('pass');
      });

      it.runIf(candidate.looksAgain)('lets no open connection outlive a revocation', () => {
        const seen = reports[index]!.proof!.filter(
          ({ credential }) => credential === 'open-connection-after-revocation',
        ).map(({ observed }) => observed);

        expect(new Set(seen)).toEqual(new Set(['refused']));
      });

      it('gives the scan nothing to find that a configuration could change', () => {
        const found = reports[index]!.checks.filter(
          ({ status }) => status === 'fail' || status === 'inconclusive',
        );

        expect(ownFindings).toEqual(expect.arrayContaining(found.map(({ id }) => id)));
      });
    });
  });
}

/** `prove all` proves its own at intermediate, in the tests of `prove`. */
function levelsOf({ name }: Candidate): readonly ConfigLevel[] {
  return PROVABLE_TARGETS.some((target) => target.name === name) ? ['modern'] : CONFIG_LEVELS;
}

async function prove(candidate: Candidate, level: ConfigLevel): Promise<ProbeReport> {
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
    const files = { ...served.files, fullchain: server.fullchain, privkey: server.privkey! };
    const running = await candidate.start(served, { level, files });
    try {
      return await probe(`localhost:${running.port}`, {
        ca,
        client: await presentedCredential(readFileSync(alice.fullchain), readFileSync(alice.privkey!)),
        policy: policyOf(level),
        proveMtls: true,
        revokeLive: true,
        deployCrl: async () => {
          await running.deploy();
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

/** More in one process keep one another waiting, for longer than a proof waits for some answers. */
const AT_ONCE = 2;
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
