import type { GeneralName } from '../x509/general-name.js';
import type { Credential } from './credential.js';
import { mint } from './mint.js';

/** Many kilobytes of names: within what TLS allows, more than any client needs. */
export const largeCertificate: Credential = {
  id: 'large-certificate',
  title: 'Refuses a certificate of tens of kilobytes',
  breaks: 'it has 1,000 more names than the good one',
  citation: 'RFC 8446 §4.4.2; CWE-400',
  expected: 'either',
  severity: 'info',
  needs: 'issuing-key',
  make: (context) =>
    mint(context, {
      subjectAltName: [...context.subjectAltName, ...Array.from({ length: 1000 }, nameNumber)],
    }),
};

/** Of a kind that no nameConstraints of ours is about. */
function nameNumber(_: unknown, index: number): GeneralName {
  return { type: 'registeredID', oid: `2.25.20260601120000.${index}` };
}
