import { DecodeError } from './byte-reader.js';
import { certificateMessage13 } from './certificate-message.js';
import { type CertificateRequest, readCertificateRequest13 } from './certificate-request.js';
import { type ClientCredential, chosenScheme } from './client-credential.js';
import { type AfterwardsDraft, type ClientFlight, readApplicationData } from './client-flight.js';
import type { Keys13 } from './flight-13.js';
import { type HandshakeMessage, handshakeMessage, HANDSHAKE_TYPE as TYPE } from './handshake.js';
import {
  applicationSecrets,
  finishedVerifyData,
  type ScheduleHash,
  type TrafficSecrets,
  transcriptHash,
  updatedTrafficSecret,
} from './key-schedule.js';
import { readNewSessionTicket13 } from './new-session-ticket.js';
import { CONTENT_TYPE } from './record.js';
import type { RecordLayer } from './record-layer.js';
import { recordProtection13 } from './record-protection-13.js';
import { concat, uint16, vector16 } from './vector.js';

/** Completes a TLS 1.3 handshake with a flight of our own, RFC 8446 §4.4, sends the application data in the same breath
 *  and reads what comes after it; post-handshake authentication (§4.6.2) is answered with the same credential. */
export async function completeHandshake13(
  layer: RecordLayer,
  { keys, transcript, request }: Handshake13,
  client: ClientFlight,
  afterwards: AfterwardsDraft,
): Promise<void> {
  const { hash, aead, secrets } = keys;
  const application = applicationSecrets(hash, secrets.handshakeSecret, transcriptHash(hash, transcript));
  layer.protectReading(recordProtection13(aead, hash, application.server));
  const ours = await authenticationMessages(
    hash,
    secrets.client,
    transcript,
    request,
    client.credential,
    afterwards,
  );
  layer.send(CONTENT_TYPE.changeCipherSpec, Uint8Array.of(1), LEGACY_VERSION);
  layer.protectWriting(recordProtection13(aead, hash, secrets.client));
  layer.send(CONTENT_TYPE.handshake, concat(...ours), LEGACY_VERSION);
  layer.protectWriting(recordProtection13(aead, hash, application.client));
  if (client.applicationData !== null) {
    layer.send(CONTENT_TYPE.applicationData, client.applicationData, LEGACY_VERSION);
  }
  afterwards.completed = true;
  const whole = { keys, transcript: [...transcript, ...ours], application };
  await readApplicationData(layer, client, afterwards, laterMessages(layer, whole, client, afterwards));
}

/** A TLS 1.3 handshake as far as the server's Finished. */
export interface Handshake13 {
  readonly keys: Keys13;
  /** From ClientHello to the server's Finished. */
  readonly transcript: readonly Uint8Array[];
  /** The server's CertificateRequest; null where it has not asked. */
  readonly request: CertificateRequest | null;
}

/** What is done about handshake messages after the handshake, RFC 8446 §4.6. */
function laterMessages(
  layer: RecordLayer,
  {
    keys: { hash, aead },
    transcript,
    application,
  }: Omit<Handshake13, 'request'> & { application: TrafficSecrets },
  { credential }: ClientFlight,
  afterwards: AfterwardsDraft,
): (message: HandshakeMessage) => Promise<void> {
  let readSecret = application.server;
  return async ({ type, body, raw }) => {
    if (type === TYPE.newSessionTicket) {
      afterwards.sessionTickets = [...afterwards.sessionTickets, readNewSessionTicket13(body)];
    } else if (type === TYPE.keyUpdate) {
      readSecret = updatedTrafficSecret(hash, readSecret);
      layer.protectReading(recordProtection13(aead, hash, readSecret));
    } else if (type === TYPE.certificateRequest) {
      afterwards.laterRequests += 1;
      const request = readCertificateRequest13(body);
      const context = [...transcript, raw];
      const answer = await authenticationMessages(
        hash,
        application.client,
        context,
        request,
        credential,
        afterwards,
      );
      layer.send(CONTENT_TYPE.handshake, concat(...answer), LEGACY_VERSION);
    } else {
      throw new DecodeError(`handshake message of type ${type} after Finished`);
    }
  };
}

/** Certificate and CertificateVerify where the server asked for them, and Finished.
 *  @param baseKey the secret that Finished is made with: the handshake's, or the application's after it */
async function authenticationMessages(
  hash: ScheduleHash,
  baseKey: Uint8Array,
  transcript: readonly Uint8Array[],
  request: CertificateRequest | null,
  credential: ClientCredential | null,
  afterwards: AfterwardsDraft,
): Promise<Uint8Array[]> {
  const messages: Uint8Array[] = [];
  const hashSoFar = (): Uint8Array => transcriptHash(hash, [...transcript, ...messages]);
  if (request !== null) {
    messages.push(certificateMessage(request, credential));
    if (credential !== null) {
      const scheme = chosenScheme(credential, request.signatureSchemes);
      const signature = await credential.sign(signedContent(hashSoFar()), scheme);
      messages.push(handshakeMessage(TYPE.certificateVerify, concat(uint16(scheme), vector16(signature))));
      afterwards.certificateSent = true;
      afterwards.signatureScheme = scheme;
    }
  }
  messages.push(handshakeMessage(TYPE.finished, finishedVerifyData(hash, baseKey, hashSoFar())));
  return messages;
}

function certificateMessage(
  { context }: CertificateRequest,
  credential: ClientCredential | null,
): Uint8Array {
  if (credential?.certificateBody) return handshakeMessage(TYPE.certificate, credential.certificateBody);
  return certificateMessage13(context, credential?.chain ?? []);
}

/** RFC 8446 §4.4.3 */
function signedContent(transcriptDigest: Uint8Array): Uint8Array {
  return concat(
    new Uint8Array(64).fill(0x20),
    Buffer.from('TLS 1.3, client CertificateVerify\0', 'latin1'),
    transcriptDigest,
  );
}

const LEGACY_VERSION = 0x0303;
