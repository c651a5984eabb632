import { mint } from '../../../credentials/mint.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** The certificate of another server of the same CA: whoever has the key of one could play every other. */
export const wrongHost: BadKind = {
  id: 'wrong-host',
  title: 'Refuses a server whose certificate is for another name',
  breaks: 'its certificate is for another name than the one it is called by',
  citation: 'RFC 9525 §6.1; CWE-297',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-matches-hostname',
  make: async (context) => {
    const value = `wrong.${context.host}`;
    return overHttp(await mint(context, { subjectAltName: [{ type: 'dNSName', value }] }));
  },
};
