import type { Credential } from './credential.js';

/** Its chain is left out: a server that has the issuing CA among its own takes it, one that has the root alone cannot. */
export const missingIntermediate: Credential = {
  id: 'missing-intermediate',
  title: 'Refuses a certificate without the chain above it',
  breaks: 'the certificate of the issuing CA is not sent with it',
  citation: 'RFC 8446 §4.4.2',
  expected: 'either',
  severity: 'info',
  needs: 'good',
  whyNot: ({ good }) =>
    (good?.chain.length ?? 0) > 1 ? null : 'there is no intermediate between it and the root',
  make: ({ good }) => Promise.resolve({ ...good!, chain: good!.chain.slice(0, 1) }),
};
