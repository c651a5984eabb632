import type { Credential } from './credential.js';

/** No certificate: the empty Certificate message of RFC 8446 §4.4.2. */
export const none: Credential = {
  id: 'none',
  title: 'Refuses a client without a certificate',
  breaks: 'there is no certificate',
  citation: 'RFC 8446 §4.4.2.4; CWE-306',
  expected: 'refuse',
  severity: 'critical',
  needs: 'nothing',
  make: () => Promise.resolve(null),
};
