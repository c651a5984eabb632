import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeOptions } from '../../src/probe/probe.js';
import { CASES } from './cases.js';
import type { Stack } from './fault.js';
import { type FaultPki, makeFaultPki } from './fault-pki.js';
import { type CaseResult, inTurn, proveCase } from './judge-case.js';
import { type RunningLab, STACKS_HERE, startLab } from './lab.js';

/** Proves every case of one server, two at once, and holds what failed against what is wrong. */
export function provesEveryCaseOf(stack: Stack): void {
  describe.runIf(STACKS_HERE.includes(stack))(`${stack}, right and wrong`, () => {
    let pki: FaultPki;
    let lab: RunningLab;
    let results: Array<CaseResult | null> = [];
    beforeAll(async () => {
      pki = await makeFaultPki();
      lab = await startLab(pki, [stack]);
      results = await inTurn(lab.cases, AT_ONCE, (one) => (one.lab.live ? null : proveCase(one, pki)));
      for (const [index, one] of lab.cases.entries())
        if (one.lab.live) results[index] = await proveCase(one, pki, live(lab, stack));
    }, 120_000);
    afterAll(async () => {
      await lab?.close();
      await pki?.close();
    });

    it.each(CASES[stack].map(({ fault }, index) => [fault ?? RIGHT, index] as const))(
      '%s',
      (_name, index) => {
        const { lab: one, report, failed, elsewhere, undecided } = results[index]!;

        if (one.fault === null) expect(report.verdict, undecided.join()).toBe('pass');
        if (one.as === 'inconclusive') {
          expect(failed).toEqual([]);
          expect(report.verdict).toBe('inconclusive');
          expect(undecided).toEqual(expect.arrayContaining([...one.caughtBy]));
        } else {
          expect([...failed].sort()).toEqual([...one.caughtBy].sort());
          if (one.fault !== null) expect(report.verdict).toBe('fail');
        }
        expect(elsewhere).toEqual([]);
      },
    );
  });
}

/** What `--revoke-live --on-crl 'nginx -s reload'` does. */
function live(lab: RunningLab, stack: Stack): ProbeOptions {
  return {
    revokeLive: true,
    deployCrl: async () => {
      lab.reload(stack);
      return null;
    },
  };
}

const AT_ONCE = 2;
const RIGHT = 'nothing is wrong, and nothing is said to be';
