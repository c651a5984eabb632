import { parseCertificate } from '../x509/certificate.js';
import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** Another certificate bears its serial number already; no server remembers which it has seen. */
export const duplicateSerial: Credential = {
  id: 'duplicate-serial',
  title: "Refuses a certificate with another one's serial number",
  breaks: 'its serial number is that of the good one',
  citation: 'RFC 5280 §4.1.2.2',
  expected: 'either',
  severity: 'info',
  needs: 'issuing-key',
  whyNot: ({ good }) => (good === null ? 'there is no good certificate to share the number with' : null),
  make: (context) => mint(context, { serialNumber: parseCertificate(context.good!.chain[0]!).serialNumber }),
};
