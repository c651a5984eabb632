import { wrongKey as credential } from '../../../credentials/wrong-key.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** The good certificate, which is no secret, shown by somebody who does not have its key. */
export const wrongKey: BadKind = {
  id: 'wrong-key',
  title: 'Refuses a server that does not hold the key of its certificate',
  breaks: 'another key than that of its certificate signs the handshake',
  citation: credential.citation,
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-key-held',
  make: async (context) => overHttp(await credential.make(context)),
};
