import { sha1 as credential } from '../../../credentials/sha1.js';
import { type BadKind, overHttp } from '../bad-kind.js';
import { FAULTLESS_CIPHERS, ofAnyStrength, STRONG_SIGNATURES } from '../openssl-strength.js';

/** Signed over a hash for which two texts can be found. */
export const sha1: BadKind = {
  id: 'sha1',
  title: 'Refuses a server whose certificate is signed over SHA-1',
  breaks: 'its certificate is signed over SHA-1',
  citation: 'RFC 8446 §4.4.2.4; CWE-328',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-hash-strong',
  whyNot: async ({ authority }) => {
    const { withSha1 } = await authority.signer(authority.issuing);
    return withSha1 ? null : 'the key of the issuing CA signs without a hash of its own';
  },
  make: async (context) =>
    overHttp(await credential.make(context), {
      ciphers: ofAnyStrength(FAULTLESS_CIPHERS),
      sigalgs: STRONG_SIGNATURES,
    }),
};
