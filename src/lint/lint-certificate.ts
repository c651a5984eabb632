import type { Certificate } from '../x509/certificate.js';
import { type Lint, type LintResult, SEVERITIES, type Severity } from './lint.js';
import { lintSubject } from './lint-subject.js';
import { LINTS } from './lints/index.js';

/** What one lint says of a certificate. */
export interface LintReport extends LintResult {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly citation: string;
}

/** Holds a certificate against every lint that is for it, in the order of the list. */
export function lintCertificate(certificate: Certificate): LintReport[] {
  const subject = lintSubject(certificate);
  const isBefore = ({ since }: Lint) =>
    since !== undefined && certificate.validity.notBefore < new Date(since);
  return LINTS.filter((lint) => !isBefore(lint) && lint.applies(subject)).map((lint) => {
    const { id, title, severity, citation } = lint;
    return { id, title, severity, citation, ...lint.run(subject) };
  });
}

/** Those that found a fault, the gravest first. */
export function lintFindings(certificate: Certificate): LintReport[] {
  const weight = ({ severity }: LintReport) => SEVERITIES.indexOf(severity);
  return lintCertificate(certificate)
    .filter(({ status }) => status === 'fail')
    .sort((a, b) => weight(b) - weight(a));
}
