import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersSuiteInEach } from '../suite-finding.js';

export const offersForwardSecrecy: Check = {
  id: 'offers-forward-secrecy',
  title: 'Offers, in every version, keys that stay secret when the server’s key is lost',
  severity: 'medium',
  citation: 'RFC 9325 §4.1, §7.3',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersSuiteInEach(scan, ({ forwardSecret, anonymous }) => forwardSecret && !anonymous),
};
