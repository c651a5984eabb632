import type { Credential } from './credential.js';

/** One bit of the CA's signature is turned over. */
export const tamperedSignature: Credential = {
  id: 'tampered-signature',
  title: 'Refuses a certificate whose signature has been changed',
  breaks: 'one bit of the signature is not what the CA wrote',
  citation: 'RFC 5280 §6.1.3 (a)(1); CWE-295',
  expected: 'refuse',
  severity: 'critical',
  needs: 'good',
  make: ({ good }) => {
    const [leaf, ...issuers] = good!.chain;
    const changed = Uint8Array.from(leaf!);
    changed[changed.length - 1]! ^= 1; // signatureValue is what a certificate ends with
    return Promise.resolve({ ...good!, chain: [changed, ...issuers] });
  },
};
