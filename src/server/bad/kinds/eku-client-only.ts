import { mint } from '../../../credentials/mint.js';
import { OID } from '../../../x509/oid.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** A client's certificate, shown by a server: who holds a client's key is not thereby a server. */
export const ekuClientOnly: BadKind = {
  id: 'eku-client-only',
  title: 'Refuses a server whose certificate is for clients only',
  breaks: 'the extendedKeyUsage of its certificate is clientAuth, without serverAuth',
  citation: 'RFC 5280 §4.2.1.12; CWE-295',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-for-servers',
  make: async (context) => {
    const profile = { ...context.profile, purposes: [OID.clientAuth] };
    return overHttp(await mint(context, { profile }));
  },
};
