import { malformed as credential } from '../../../credentials/malformed.js';
import { asFarAsHello, type BadKind } from '../bad-kind.js';
import { SUITES_TO_SIGN_WITH_RSA } from '../hello-suites.js';

/** What it sends in place of a certificate is none: by our own engine, for OpenSSL would not. */
export const malformed: BadKind = {
  id: 'malformed',
  title: 'Refuses what is not a certificate',
  breaks: 'what it sends as certificate is not DER: the outermost SEQUENCE is tagged as a SET',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'hello',
  needs: 'issuing-key',
  foundBy: 'certificate-trusted',
  make: async (context) => {
    const broken = await credential.make({ ...context, good: await context.goodRsa() });
    return asFarAsHello(broken!, { version: 'TLSv1.2', cipherSuites: SUITES_TO_SIGN_WITH_RSA });
  },
};
