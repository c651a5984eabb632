import type { Check } from '../check.js';
import { STRONG_SUITES } from '../server-directives.js';
import { offersSuiteInEach } from '../suite-finding.js';

export const offersAeadSuites: Check = {
  id: 'offers-aead-suites',
  title: 'Offers authenticated encryption (AEAD) in TLS 1.2 and 1.3',
  severity: 'medium',
  citation: 'RFC 9325 §4.2',
  remediation: STRONG_SUITES,
  run: ({ scan }) => offersSuiteInEach(scan, ({ aead }) => aead, ['TLSv1.3', 'TLSv1.2']),
};
