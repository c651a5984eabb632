import type { MintedCredential } from '../../../credentials/credential.js';
import { makeIntermediate } from '../../../credentials/intermediate.js';
import { mint } from '../../../credentials/mint.js';
import { type BadContext, type BadKind, overHttp } from '../bad-kind.js';

/** The chain ends before it comes to what the client trusts. A client that has met the issuing CA elsewhere may go on. */
export const missingIntermediate: BadKind = {
  id: 'missing-intermediate',
  title: 'Refuses a server that leaves out the certificate of the issuing CA',
  breaks: 'its chain lacks the certificate between its own and the root',
  citation: 'RFC 8446 §4.4.2; RFC 5280 §6.1',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-chain-complete',
  make: async (context) => {
    const whole = await throughIntermediate(context);
    return overHttp({ ...whole, chain: whole.chain.slice(0, 1) });
  },
};

/** A single CA has nothing that could be left out: it signs one. */
async function throughIntermediate(context: BadContext): Promise<MintedCredential> {
  if (context.authority.root !== null) return context.good;
  return mint(context, { intermediate: await makeIntermediate(context) });
}
