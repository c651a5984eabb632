import type { Detour } from '../detour.js';

/** A session that goes on is checked against no CRL: it has to end with the certificate that began it. */
export const resumedAfterRevocation: Detour = {
  id: 'resumed-after-revocation',
  title: 'Goes on with no session of a client that has been revoked',
  citation: 'RFC 8446 §4.6.1; RFC 5280 §6.3; CWE-613',
  expected: 'refuse',
  severity: 'high',
  scope: 'live',
  take: async ({ afterRevocation }) => afterRevocation?.resumed ?? 'nothing could be revoked',
};
