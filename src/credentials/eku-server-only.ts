import { OID } from '../x509/oid.js';
import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** A server's certificate, shown by a client: who holds a server's key is not thereby a client. */
export const ekuServerOnly: Credential = {
  id: 'eku-server-only',
  title: 'Refuses a certificate that is for servers only',
  breaks: 'its extendedKeyUsage is serverAuth, without clientAuth',
  citation: 'RFC 5280 §4.2.1.12; CWE-295',
  expected: 'refuse',
  severity: 'high',
  needs: 'issuing-key',
  make: (context) => mint(context, { profile: { ...context.profile, purposes: [OID.serverAuth] } }),
};
