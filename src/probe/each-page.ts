import type { HttpAnswer } from '../tls/http-response.js';
import { type Finding, notApplicable } from './check.js';
import type { HttpFacts } from './http-facts.js';

/** Judges every path that was answered by HTTP: what is worst of any is said, with the paths that it holds for. */
export function eachPage({ answers }: HttpFacts, judge: (answer: HttpAnswer) => Finding): Finding {
  const findings = answers.map(({ path, answer }) => [path, judge(answer)] as const);
  return worstPage(findings) ?? notApplicable('no answer came by HTTP');
}

/** The worst of several, by path; null where there is none. */
export function worstPage(findings: ReadonlyArray<readonly [string, Finding]>): Finding | null {
  const worst = ORDER.find((status) => findings.some(([, finding]) => finding.status === status));
  if (worst === undefined) return null;
  const telling = findings.filter(([, { status }]) => status === worst);
  const said = telling.map(([path, { evidence }]) =>
    findings.length > 1 ? `${path}: ${evidence}` : evidence,
  );
  return { status: worst, evidence: said.join('; ') };
}

const ORDER: ReadonlyArray<Finding['status']> = ['fail', 'inconclusive', 'pass', 'not-applicable'];
