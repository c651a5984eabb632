import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** A CA's certificate shown as a client's own. */
export const caAsClient: Credential = {
  id: 'ca-as-client',
  title: 'Refuses the certificate of a CA as that of a client',
  breaks: 'its basicConstraints say CA:TRUE',
  citation: 'RFC 5280 §4.2.1.9',
  expected: 'either',
  severity: 'low',
  needs: 'issuing-key',
  make: (context) => mint(context, { profile: { ...context.profile, ca: true } }),
};
