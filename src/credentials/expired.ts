import type { Credential } from './credential.js';
import { mint, secondsFrom } from './mint.js';

/** Right in everything, an hour too late. */
export const expired: Credential = {
  id: 'expired',
  title: 'Refuses a certificate that has expired',
  breaks: 'its notAfter was an hour ago',
  citation: 'RFC 5280 §6.1.3 (a)(2); CWE-298',
  expected: 'refuse',
  severity: 'high',
  needs: 'issuing-key',
  make: (context) => {
    const notAfter = secondsFrom(context.now, -HOUR_MS);
    return mint(context, { validity: { notBefore: secondsFrom(notAfter, -HOUR_MS), notAfter } });
  },
};

const HOUR_MS = 60 * 60 * 1000;
