import type { LintSubject } from './lint-subject.js';

/** How much a finding weighs, the least first. */
export const SEVERITIES = ['info', 'low', 'medium', 'high', 'critical'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** One rule that a certificate keeps or breaks: data, and one function that looks. */
export interface Lint {
  /** The name of its file. */
  readonly id: string;
  /** The claim that a good certificate fulfils. */
  readonly title: string;
  readonly severity: Severity;
  /** The clause that asks for it. */
  readonly citation: string;
  /** Certificates issued before this day were under another rule; ISO 8601. */
  readonly since?: string;
  /** Whether the rule is for such a certificate at all. */
  readonly applies: (subject: LintSubject) => boolean;
  readonly run: (subject: LintSubject) => LintResult;
}

/** What a lint found; the evidence says which value it saw. */
export interface LintResult {
  readonly status: 'pass' | 'fail';
  readonly evidence: string;
}

export function passed(evidence: string): LintResult {
  return { status: 'pass', evidence };
}

export function failed(evidence: string): LintResult {
  return { status: 'fail', evidence };
}

/** Passes where the condition holds; the evidence is the same either way. */
export function holds(condition: boolean, evidence: string): LintResult {
  return { status: condition ? 'pass' : 'fail', evidence };
}
