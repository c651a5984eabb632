import type { Credential } from './credential.js';
import { otherCa } from './other-ca.js';

/** Twenty certificates that nobody needs come with it: work for the server before anybody has been let in. */
export const veryLongChain: Credential = {
  id: 'very-long-chain',
  title: 'Refuses a chain that is longer than any path',
  breaks: 'twenty certificates that are not on its path come with it',
  citation: 'RFC 8446 §4.4.2; CWE-400',
  expected: 'either',
  severity: 'info',
  needs: 'good',
  make: async (context) => {
    const stranger = await otherCa.make(context);
    const unneeded = Array.from({ length: 20 }, () => stranger!.chain[1]!);
    return { ...context.good!, chain: [...context.good!.chain, ...unneeded] };
  },
};
