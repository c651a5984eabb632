import { keyUsageWithoutSignature as credential } from '../../../credentials/key-usage-without-signature.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Its key is not for signing, and signs the handshake. */
export const keyUsageWithoutSignature: BadKind = {
  id: 'key-usage-without-signature',
  title: 'Refuses a server whose key is not for signatures, and signs',
  breaks: 'the keyUsage of its certificate is keyEncipherment, without digitalSignature',
  citation: credential.citation,
  expected: 'either',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-for-servers',
  make: async (context) => overHttp(await credential.make(context)),
};
