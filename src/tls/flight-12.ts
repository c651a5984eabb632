import { DecodeError } from './byte-reader.js';
import { readCertificateMessage12, readCertificateStatus } from './certificate-message.js';
import { readCertificateRequest12 } from './certificate-request.js';
import { cipherSuite } from './cipher-suite.js';
import { type HandshakeMessage, HANDSHAKE_TYPE as TYPE } from './handshake.js';
import type { RecordLayer } from './record-layer.js';
import type { ServerFlightDraft } from './server-flight.js';
import { readServerExtensions, type ServerHello } from './server-hello.js';
import { readServerKeyExchange } from './server-key-exchange.js';
import { signatureOf12 } from './server-signature.js';

/** Reads what follows a ServerHello of SSL 3.0 to TLS 1.2, up to ServerHelloDone (RFC 5246 §7.3); all of it is in clear.
 *  @param transcript the messages so far; those that are read are added */
export async function readFlight12(
  layer: RecordLayer,
  hello: ServerHello,
  transcript: Uint8Array[],
  flight: ServerFlightDraft,
): Promise<void> {
  flight.extensions = readServerExtensions(hello.extensions);
  for (;;) {
    const message = await layer.nextMessage();
    if (message.type === TYPE.helloRequest) continue; // RFC 5246 §7.4.1.1: no part of the transcript
    transcript.push(message.raw);
    if (message.type === TYPE.serverHelloDone) break;
    take(message, hello, flight);
  }
  if (flight.serverKeyExchange !== null)
    flight.signed = signatureOf12(transcript[0]!, hello.random, flight.serverKeyExchange);
  flight.ended = { kind: 'complete' };
}

function take({ type, body }: HandshakeMessage, hello: ServerHello, flight: ServerFlightDraft): void {
  if (type === TYPE.certificate) {
    flight.certificate = readCertificateMessage12(body);
  } else if (type === TYPE.certificateStatus) {
    const none = { chain: [], ocspResponse: null, signedCertificateTimestamps: [] };
    flight.certificate = { ...(flight.certificate ?? none), ocspResponse: readCertificateStatus(body) };
  } else if (type === TYPE.serverKeyExchange) {
    const suite = cipherSuite(hello.cipherSuite);
    if (suite !== null) flight.serverKeyExchange = readServerKeyExchange(body, suite, hello.version);
  } else if (type === TYPE.certificateRequest) {
    flight.certificateRequest = readCertificateRequest12(body, hello.version);
  } else {
    throw new DecodeError(`handshake message of type ${type} before ServerHelloDone`);
  }
}
