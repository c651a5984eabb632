import type { Credential } from './credential.js';
import { mint, secondsFrom } from './mint.js';

/** Right in everything, twenty years too early and for a minute only, so that nobody can wait for it. */
export const notYetValid: Credential = {
  id: 'not-yet-valid',
  title: 'Refuses a certificate that is not valid yet',
  breaks: 'its notBefore is twenty years ahead',
  citation: 'RFC 5280 §6.1.3 (a)(2); CWE-298',
  expected: 'refuse',
  severity: 'high',
  needs: 'issuing-key',
  make: (context) => {
    const notBefore = secondsFrom(context.now, TWENTY_YEARS_MS);
    return mint(context, { validity: { notBefore, notAfter: secondsFrom(notBefore, MINUTE_MS) } });
  },
};

const MINUTE_MS = 60 * 1000;
const TWENTY_YEARS_MS = 20 * 365 * 24 * 60 * MINUTE_MS;
