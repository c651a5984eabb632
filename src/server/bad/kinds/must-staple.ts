import { mint } from '../../../credentials/mint.js';
import { tlsFeature } from '../../../x509/extensions/tls-feature.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Promises a staple and has none: a client that asks for one and knows the extension must not go on. Few do. */
export const mustStaple: BadKind = {
  id: 'must-staple',
  title: 'Refuses a server that does not staple as its certificate promises',
  breaks: 'its certificate promises a stapled OCSP response, and none comes',
  citation: 'RFC 7633 §4.2.3.1; CWE-299',
  expected: 'either',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-must-staple-kept',
  make: async (context) => overHttp(await mint(context, { moreExtensions: [tlsFeature([STATUS_REQUEST])] })),
};

const STATUS_REQUEST = 5;
