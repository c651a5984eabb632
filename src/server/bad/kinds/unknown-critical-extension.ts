import { unknownCriticalExtension as credential } from '../../../credentials/unknown-critical-extension.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Says something critical that nobody understands: who does not must not go on. */
export const unknownCriticalExtension: BadKind = {
  id: 'unknown-critical-extension',
  title: 'Refuses a certificate with a critical extension that nobody knows',
  breaks: 'its certificate has a critical extension of an unregistered object identifier',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-trusted',
  make: async (context) => overHttp(await credential.make(context)),
};
