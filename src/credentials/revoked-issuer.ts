import { parseSerialNumber } from '../x509/serial-number.js';
import type { Credential } from './credential.js';
import { FRESH_INTERMEDIATE, makeIntermediate } from './intermediate.js';
import { mint } from './mint.js';

/** The intermediate above it is on the root's CRL: a server that looks at the CRL of the leaf's issuer alone lets it in. */
export const revokedIssuer: Credential = {
  id: 'revoked-issuer',
  title: 'Refuses a certificate whose issuer is on the CRL of the root',
  breaks: 'the serial number of the CA that issued it is on every CRL of our root',
  citation: 'RFC 5280 §6.1.3 (a)(3); CWE-299',
  expected: 'refuse',
  severity: 'high',
  needs: 'root-key',
  twin: FRESH_INTERMEDIATE,
  make: async (context) => {
    const { root, issuing } = context.authority;
    const serialNumber = parseSerialNumber((root ?? issuing).reservedSerial);
    return mint(context, { intermediate: await makeIntermediate(context, { serialNumber }) });
  },
};
