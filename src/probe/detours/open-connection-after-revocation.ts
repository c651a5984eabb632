import type { Detour } from '../detour.js';

/** Most servers look at a certificate once, when a connection begins; how long that one lasts is up to them. */
export const openConnectionAfterRevocation: Detour = {
  id: 'open-connection-after-revocation',
  title: 'Serves nothing more on an open connection of a client that has been revoked',
  citation: 'RFC 5280 §3.3; CWE-613',
  expected: 'either',
  severity: 'medium',
  scope: 'live',
  take: async ({ afterRevocation }) => afterRevocation?.openConnection ?? 'nothing could be revoked',
};
