import type { Finding } from './check.js';

/** Says of a finding that it is a label: which attack the offer leaves room for, without that attack being tried. */
export function asExposure(finding: Finding): Finding {
  return { ...finding, evidence: `derived from what is offered, not tried: ${finding.evidence}` };
}
