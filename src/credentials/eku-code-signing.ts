import { OID } from '../x509/oid.js';
import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** A certificate for signing software, shown by a client. */
export const ekuCodeSigning: Credential = {
  id: 'eku-code-signing',
  title: 'Refuses a certificate that is for signing code only',
  breaks: 'its extendedKeyUsage is codeSigning, without clientAuth',
  citation: 'RFC 5280 §4.2.1.12; CWE-295',
  expected: 'refuse',
  severity: 'high',
  needs: 'issuing-key',
  make: (context) => mint(context, { profile: { ...context.profile, purposes: [OID.codeSigning] } }),
};
