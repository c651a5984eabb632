import type { TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Certificate } from '../../x509/certificate.js';
import { fingerprint256 } from '../../x509/fingerprint.js';
import { formatName } from '../../x509/name.js';
import { serialNumberHex } from '../../x509/serial-number.js';
import { isoSeconds } from '../../x509/whole-seconds.js';
import { bodyText, JSON_TYPE } from '../answer.js';
import { identityOf } from '../identity.js';
import type { VerifiedClient } from '../judge-client.js';
import type { ServerContext } from '../server-context.js';

/** `/whoami`: who the client is by its certificate, and by which handshake it came. */
export function whoamiRoutes(app: FastifyInstance, { clientOf }: ServerContext): void {
  app.get('/whoami', { schema: { summary: 'Who you are, by your certificate' } }, (request, reply) =>
    reply.type(JSON_TYPE).send(answerOn(request.raw.socket as TLSSocket, clientOf(request))),
  );
}

/** Nothing of it changes as long as the connection lasts, so it is worked out once for each. */
function answerOn(socket: TLSSocket, client: VerifiedClient | undefined): string {
  const known = answers.get(socket);
  if (known !== undefined) return known;
  const answer = bodyText(whoAmI(socket, client));
  answers.set(socket, answer);
  return answer;
}

function whoAmI(socket: TLSSocket, client: VerifiedClient | undefined): object {
  const handshake = {
    protocol: socket.getProtocol(),
    cipherSuite: socket.getCipher().standardName,
    resumed: socket.isSessionReused(),
  };
  if (client === undefined)
    return { identity: 'anonymous', authenticated: false, certificate: null, handshake };
  const { name, commonName, subjectAltName } = identityOf(client);
  return {
    identity: name,
    authenticated: true,
    commonName,
    subjectAltName,
    certificate: certificateOf(client),
    handshake,
  };
}

function certificateOf(client: VerifiedClient): object {
  const known = certificates.get(client);
  if (known !== undefined) return known;
  const certificate = certificateBody(client.leaf);
  certificates.set(client, certificate);
  return certificate;
}

function certificateBody(leaf: Certificate): object {
  return {
    serialNumber: serialNumberHex(leaf.serialNumber),
    subject: formatName(leaf.subject),
    issuer: formatName(leaf.issuer),
    notBefore: isoSeconds(leaf.validity.notBefore),
    notAfter: isoSeconds(leaf.validity.notAfter),
    fingerprint256: fingerprint256(leaf.der),
  };
}

const certificates = new WeakMap<VerifiedClient, object>();
const answers = new WeakMap<TLSSocket, string>();
