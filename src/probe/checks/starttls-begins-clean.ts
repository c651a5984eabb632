import { type Check, fail, notApplicable, pass } from '../check.js';

export const starttlsBeginsClean: Check = {
  id: 'starttls-begins-clean',
  title: 'Says nothing more in clear once it has agreed to TLS',
  severity: 'medium',
  citation: 'RFC 3207 §4.2; RFC 2595 §2.1; CVE-2011-0411',
  remediation:
    'Update the server: what comes in clear after its word to begin may be taken for what came by TLS. See who stands between, if it is not the server',
  run({ starttls }) {
    if (starttls === undefined) return notApplicable('TLS begins at once');
    return starttls.leftover
      ? fail(`after its word to begin, ${starttls.protocol} went on in clear; that was thrown away`)
      : pass(`${starttls.protocol} said nothing between its word to begin and TLS`);
  },
};
