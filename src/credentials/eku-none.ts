import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** Says nothing of what it is for. RFC 5280 takes that for any purpose, and so does every stack. */
export const ekuNone: Credential = {
  id: 'eku-none',
  title: 'Refuses a certificate that does not say what it is for',
  breaks: 'it has no extendedKeyUsage',
  citation: 'RFC 5280 §4.2.1.12',
  expected: 'either',
  severity: 'low',
  needs: 'issuing-key',
  make: (context) => mint(context, { profile: { ...context.profile, purposes: [] } }),
};
