import type { Credential, CredentialContext, MintedCredential } from './credential.js';
import { makeIntermediate, NO_CRL } from './intermediate.js';
import { mint } from './mint.js';

/** A CA that may have none below it has one. */
export const pathLengthExceeded: Credential = {
  id: 'path-length-exceeded',
  title: 'Refuses a path that is longer than a CA in it allows',
  breaks: 'a CA stands below one whose pathLenConstraint is 0',
  citation: 'RFC 5280 §6.1.4 (l); CWE-295',
  expected: 'refuse',
  severity: 'high',
  needs: 'root-key',
  twin: {
    id: 'path-length-kept',
    mayBeRefusedFor: `${NO_CRL}, or a depth of verification below 3`,
    make: (context) => throughTwo(context, 1),
  },
  make: (context) => throughTwo(context, 0),
};

async function throughTwo(context: CredentialContext, pathLenConstraint: number): Promise<MintedCredential> {
  const above = await makeIntermediate(context, { pathLenConstraint });
  return mint(context, { intermediate: await makeIntermediate(context, { above }) });
}
