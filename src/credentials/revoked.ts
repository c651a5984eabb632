import { parseSerialNumber } from '../x509/serial-number.js';
import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** Bears the serial number that is revoked from birth: a server that reads any CRL of ours, however old, knows it. */
export const revoked: Credential = {
  id: 'revoked',
  title: 'Refuses a certificate that is on the CRL',
  breaks: 'its serial number is on every CRL of our issuing CA',
  citation: 'RFC 5280 §6.1.3 (a)(3); CWE-299',
  expected: 'refuse',
  severity: 'high',
  needs: 'issuing-key',
  make: (context) =>
    mint(context, { serialNumber: parseSerialNumber(context.authority.issuing.reservedSerial) }),
};
