import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** Signed over a hash for which two texts can be found. */
export const sha1: Credential = {
  id: 'sha1',
  title: 'Refuses a certificate that is signed over SHA-1',
  breaks: 'its signature is over SHA-1',
  citation: 'RFC 9155; CWE-328',
  expected: 'either',
  severity: 'medium',
  needs: 'issuing-key',
  make: async (context) => {
    const signer = await context.authority.signer(context.authority.issuing);
    return mint(context, { signer: signer.withSha1?.() ?? signer });
  },
};
