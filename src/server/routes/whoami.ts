import type { TLSSocket } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import type { Certificate } from '../../x509/certificate.js';
import { fingerprint256 } from '../../x509/fingerprint.js';
import { formatName } from '../../x509/name.js';
import { serialNumberHex } from '../../x509/serial-number.js';
import { isoSeconds } from '../../x509/whole-seconds.js';
import { bodyText, JSON_TYPE } from '../answer.js';
import type { VerifiedClient } from '../judge-client.js';
import type { ServerContext } from '../server-context.js';

/** `/whoami`: who the client is by its certificate, and by which handshake it came. */
export function whoamiRoutes(app: FastifyInstance, { clientOf }: ServerContext): void {
  app.get('/whoami', { schema: { summary: 'Who you are, by your certificate' } }, (request, reply) =>
    reply.type(JSON_TYPE).send(answerOn(request.raw.socket as TLSSocket, () => clientOf(request))),
  );
}

/** Nothing of it changes as long as the connection lasts, so it is worked out once for each; and what it says of a client is
 *  written out once for each way in which that client shakes hands. */
function answerOn(socket: TLSSocket, clientOf: () => VerifiedClient | undefined): string {
  const known = answers.get(socket);
  if (known !== undefined) return known;
  const client = clientOf();
  const answer = client === undefined ? bodyText(anonymous(socket)) : answerTo(client, handshakeOf(socket));
  answers.set(socket, answer);
  return answer;
}

function answerTo(client: VerifiedClient, handshake: Handshake): string {
  const key = Object.values(handshake).join(' ');
  const written = clientAnswers.get(client) ?? new Map<string, string>();
  clientAnswers.set(client, written);
  const answer = written.get(key) ?? bodyText(whoIs(client, handshake));
  written.set(key, answer);
  return answer;
}

interface Handshake {
  readonly protocol: string | null;
  readonly cipherSuite: string;
  readonly resumed: boolean;
}

function handshakeOf(socket: TLSSocket): Handshake {
  return {
    protocol: socket.getProtocol(),
    cipherSuite: socket.getCipher().standardName,
    resumed: socket.isSessionReused(),
  };
}

function anonymous(socket: TLSSocket): object {
  return {
    identity: 'anonymous',
    authenticated: false,
    certificate: null,
    handshake: handshakeOf(socket),
  };
}

function whoIs({ leaf, identity }: VerifiedClient, handshake: Handshake): object {
  const { name, commonName, subjectAltName } = identity;
  return {
    identity: name,
    authenticated: true,
    commonName,
    subjectAltName,
    certificate: certificateBody(leaf),
    handshake,
  };
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

const answers = new WeakMap<TLSSocket, string>();
/** By the handshake. */
const clientAnswers = new WeakMap<VerifiedClient, Map<string, string>>();
