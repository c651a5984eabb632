import type { Observations } from './observations.js';
import type { Severity } from './severity.js';

/** One claim about an endpoint, and how to tell whether it holds. */
export interface Check {
  /** The name of its file. */
  readonly id: string;
  /** The claim. */
  readonly title: string;
  /** By what an attacker gains where it does not hold. */
  readonly severity: Severity;
  readonly citation: string;
  /** What to do where it does not hold. */
  readonly remediation: string;
  run(observations: Observations): Finding;
}

/** What came of a check: never a pass by silence. */
export interface Finding {
  readonly status: 'pass' | 'fail' | 'inconclusive' | 'not-applicable';
  /** What was seen, with the values. */
  readonly evidence: string;
  /** What takes the place of the check's own, where it measures against a source that is known only when it runs. */
  readonly severity?: Severity;
  readonly citation?: string;
  readonly remediation?: string;
}

/** A check as the report has it. */
export interface CheckResult extends Finding {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly citation: string;
  readonly remediation: string;
}

export function runCheck(check: Check, observations: Observations): CheckResult {
  const { id, title } = check;
  const { status, evidence, ...own } = check.run(observations);
  return {
    id,
    title,
    status,
    evidence,
    severity: own.severity ?? check.severity,
    citation: own.citation ?? check.citation,
    remediation: own.remediation ?? check.remediation,
  };
}

export function pass(evidence: string): Finding {
  return { status: 'pass', evidence };
}

export function fail(evidence: string): Finding {
  return { status: 'fail', evidence };
}

export function inconclusive(evidence: string): Finding {
  return { status: 'inconclusive', evidence };
}

export function notApplicable(evidence: string): Finding {
  return { status: 'not-applicable', evidence };
}
