import { parseCertificate } from '../x509/certificate.js';
import { integer } from '../x509/der.js';
import type { Credential } from './credential.js';

/** What the CA signed says something else than what is shown: another serial number, as one would to get off a CRL. */
export const tamperedBody: Credential = {
  id: 'tampered-body',
  title: 'Refuses a certificate that was changed after the CA had signed it',
  breaks: 'its serial number is not the one that the CA signed',
  citation: 'RFC 5280 §6.1.3 (a)(1); CWE-295',
  expected: 'refuse',
  severity: 'critical',
  needs: 'good',
  make: ({ good }) => {
    const [leaf, ...issuers] = good!.chain;
    const changed = Uint8Array.from(leaf!);
    const serialNumber = integer(parseCertificate(leaf!).serialNumber);
    changed[Buffer.from(changed).indexOf(serialNumber) + serialNumber.length - 1]! ^= 1;
    return Promise.resolve({ ...good!, chain: [changed, ...issuers] });
  },
};
