import { TAG } from '../x509/der.js';
import type { Credential } from './credential.js';

/** What a client sends in place of a certificate is none. */
export const malformed: Credential = {
  id: 'malformed',
  title: 'Refuses what is not a certificate',
  breaks: 'it is not DER: the outermost SEQUENCE is tagged as a SET',
  citation: 'RFC 5280 §4.1; RFC 8446 §4.4.2; CWE-295',
  expected: 'refuse',
  severity: 'high',
  needs: 'good',
  make: ({ good }) => {
    const [leaf, ...issuers] = good!.chain;
    const changed = Uint8Array.from(leaf!);
    changed[0] = TAG.set;
    return Promise.resolve({ ...good!, chain: [changed, ...issuers], ownEngine: true });
  },
};
