import { OID } from '../x509/oid.js';
import type { Credential } from './credential.js';
import { FRESH_INTERMEDIATE, makeIntermediate } from './intermediate.js';
import { mint } from './mint.js';

/** The certificate above it never said that it was a CA's: any server's or client's could stand there. */
export const issuerWithoutBasicConstraints: Credential = {
  id: 'issuer-without-basic-constraints',
  title: 'Refuses a certificate whose issuer has no basicConstraints',
  breaks: 'the certificate of its issuer has no basicConstraints extension',
  citation: 'RFC 5280 §6.1.4 (k); CWE-295',
  expected: 'refuse',
  severity: 'critical',
  needs: 'root-key',
  twin: FRESH_INTERMEDIATE,
  make: async (context) =>
    mint(context, { intermediate: await makeIntermediate(context, { without: [OID.basicConstraints] }) }),
};
