import type { Check } from '../check.js';
import { toldFinding } from '../told-finding.js';

/** Clients work around those that fail by falling back, which is an attacker’s way too. */
export const toleratesUnknownVersions: Check = {
  id: 'tolerates-unknown-versions',
  title: 'Answers a version yet to come with one that it knows',
  severity: 'low',
  citation: 'RFC 5246 §E.1; RFC 8446 §4.2.1',
  remediation:
    'Update the TLS library, or the box between that ends or inspects TLS. nginx, Apache, HAProxy: nothing to set',
  run: ({ scan }) =>
    toldFinding(scan.hello.toleratesUnknownVersion, true, {
      yes: 'answers an offer of a version yet to come with one that it knows',
      no: 'fails at an offer of a version yet to come',
    }),
};
