import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** Its key is not for signing, and signs the handshake: OpenSSL looks, Go does not. */
export const keyUsageWithoutSignature: Credential = {
  id: 'key-usage-without-signature',
  title: 'Refuses a certificate whose key is not for signatures',
  breaks: 'its keyUsage is keyEncipherment, without digitalSignature',
  citation: 'RFC 8446 §4.4.2.2; RFC 5280 §4.2.1.3',
  expected: 'either',
  severity: 'medium',
  needs: 'issuing-key',
  make: (context) => mint(context, { profile: { ...context.profile, keyUsages: ['keyEncipherment'] } }),
};
