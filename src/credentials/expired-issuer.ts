import type { Credential } from './credential.js';
import { FRESH_INTERMEDIATE, makeIntermediate } from './intermediate.js';
import { mint, secondsFrom } from './mint.js';

/** The leaf is good for ten minutes more, the CA above it is not. */
export const expiredIssuer: Credential = {
  id: 'expired-issuer',
  title: 'Refuses a certificate whose issuer has expired',
  breaks: 'the notAfter of the CA that issued it was an hour ago',
  citation: 'RFC 5280 §6.1.3 (a)(2); CWE-298',
  expected: 'refuse',
  severity: 'high',
  needs: 'root-key',
  twin: FRESH_INTERMEDIATE,
  make: async (context) => {
    const notAfter = secondsFrom(context.now, -HOUR_MS);
    const validity = { notBefore: secondsFrom(notAfter, -HOUR_MS), notAfter };
    return mint(context, { intermediate: await makeIntermediate(context, { validity }) });
  },
};

const HOUR_MS = 60 * 60 * 1000;
