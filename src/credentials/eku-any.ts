import { OID } from '../x509/oid.js';
import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** For any purpose and none by name: OpenSSL wants clientAuth by name, Go does not. */
export const ekuAny: Credential = {
  id: 'eku-any',
  title: 'Refuses a certificate that is for any purpose and none by name',
  breaks: 'its extendedKeyUsage is anyExtendedKeyUsage alone',
  citation: 'RFC 5280 §4.2.1.12',
  expected: 'either',
  severity: 'medium',
  needs: 'issuing-key',
  make: (context) => mint(context, { profile: { ...context.profile, purposes: [OID.anyExtendedKeyUsage] } }),
};
