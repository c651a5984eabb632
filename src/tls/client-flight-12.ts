import { timingSafeEqual } from 'node:crypto';
import { DecodeError } from './byte-reader.js';
import { certificateMessage12 } from './certificate-message.js';
import { type CipherSuite, cipherSuite } from './cipher-suite.js';
import { type ClientCredential, chosenScheme } from './client-credential.js';
import { type AfterwardsDraft, type ClientFlight, readApplicationData } from './client-flight.js';
import { handshakeMessage, HANDSHAKE_TYPE as TYPE } from './handshake.js';
import { type ScheduleHash, transcriptHash } from './key-schedule.js';
import { keyBlock12, masterSecret12, type Randoms, verifyData12 } from './key-schedule-12.js';
import { generateKeyShare } from './key-share.js';
import { readNewSessionTicket12 } from './new-session-ticket.js';
import { CONTENT_TYPE } from './record.js';
import type { RecordLayer } from './record-layer.js';
import { type AeadAlgorithm, aeadOf } from './record-protection.js';
import { recordProtection12, writeIvBytes } from './record-protection-12.js';
import type { ServerFlight } from './server-flight.js';
import type { ServerHello } from './server-hello.js';
import { concat, uint16, vector8, vector16 } from './vector.js';

/** A TLS 1.2 handshake as far as the server's flight. */
export interface Handshake12 {
  readonly clientRandom: Uint8Array;
  readonly hello: ServerHello;
  readonly flight: ServerFlight;
  /** From ClientHello to ServerHelloDone. */
  readonly transcript: readonly Uint8Array[];
}

/** Completes a TLS 1.2 handshake with a flight of our own, RFC 5246 §7.3, sends the application data and reads what comes
 *  after it. Only ECDHE suites with an AEAD and a curve that we have: with any other it returns without having sent anything. */
export async function completeHandshake12(
  layer: RecordLayer,
  handshake: Handshake12,
  client: ClientFlight,
  afterwards: AfterwardsDraft,
): Promise<void> {
  const agreed = agreement(handshake);
  if (agreed === null) return;
  const { hash, aead } = agreed;
  const transcript = [...handshake.transcript];
  const { master, messages } = await clientMessages(handshake, agreed, client.credential, afterwards);
  const keys = keyBlock12(hash, master, randomsOf(handshake), aead.keyBytes, writeIvBytes(aead));
  const verifyData = (side: 'client' | 'server'): Uint8Array =>
    verifyData12(hash, master, side, transcriptHash(hash, transcript));

  transcript.push(...messages);
  layer.send(CONTENT_TYPE.handshake, concat(...messages), VERSION);
  layer.send(CONTENT_TYPE.changeCipherSpec, Uint8Array.of(1), VERSION);
  layer.protectWriting(recordProtection12(aead, keys.client));
  const finished = handshakeMessage(TYPE.finished, verifyData('client'));
  transcript.push(finished);
  layer.send(CONTENT_TYPE.handshake, finished, VERSION);

  await readServerFinished(layer, transcript, afterwards, {
    changeKeys: () => layer.protectReading(recordProtection12(aead, keys.server)),
    expected: () => verifyData('server'),
  });
  afterwards.completed = true;
  if (client.applicationData !== null) {
    layer.send(CONTENT_TYPE.applicationData, client.applicationData, VERSION);
  }
  await readApplicationData(layer, client, afterwards, ({ type }) => {
    if (type !== TYPE.helloRequest) throw new DecodeError(`handshake message of type ${type} after Finished`);
    afterwards.laterRequests += 1;
  });
}

/** Certificate where the server asked, ClientKeyExchange, CertificateVerify where there was a certificate; and the master
 *  secret, which the extended one of RFC 7627 takes from all up to ClientKeyExchange. */
async function clientMessages(
  handshake: Handshake12,
  { hash, publicKey, premaster }: Agreement,
  credential: ClientCredential | null,
  afterwards: AfterwardsDraft,
): Promise<{ master: Uint8Array; messages: Uint8Array[] }> {
  const { certificateRequest: request, extensions } = handshake.flight;
  const messages = request === null ? [] : [certificateMessage(credential)];
  messages.push(handshakeMessage(TYPE.clientKeyExchange, vector8(publicKey)));
  const upToKeyExchange = [...handshake.transcript, ...messages];
  const sessionHash = extensions?.extendedMasterSecret ? transcriptHash(hash, upToKeyExchange) : null;
  const master = masterSecret12(hash, premaster, randomsOf(handshake), sessionHash);
  if (request !== null && credential !== null) {
    messages.push(await certificateVerify(credential, request.signatureSchemes, upToKeyExchange, afterwards));
  }
  return { master, messages };
}

function randomsOf({ clientRandom, hello }: Handshake12): Randoms {
  return { client: clientRandom, server: hello.random };
}

interface Agreement {
  readonly hash: ScheduleHash;
  readonly aead: AeadAlgorithm;
  readonly publicKey: Uint8Array;
  readonly premaster: Uint8Array;
}

function agreement({ hello, flight }: Handshake12): Agreement | null {
  const suite: CipherSuite | null = hello.version === 'TLSv1.2' ? cipherSuite(hello.cipherSuite) : null;
  const aead = suite?.keyExchange === 'ECDHE' ? aeadOf(suite) : null;
  const exchange = flight.serverKeyExchange;
  if (!suite || !aead || exchange?.kind !== 'named-curve') return null;
  const share = generateKeyShare(exchange.group);
  if (share === null) return null;
  const hash = suite.hash === 'sha384' ? 'sha384' : 'sha256';
  return { hash, aead, publicKey: share.keyExchange, premaster: share.agree(exchange.publicKey) };
}

function certificateMessage(credential: ClientCredential | null): Uint8Array {
  if (credential?.certificateBody) return handshakeMessage(TYPE.certificate, credential.certificateBody);
  return certificateMessage12(credential?.chain ?? []);
}

/** RFC 5246 §7.4.8: all messages so far are signed. */
async function certificateVerify(
  credential: ClientCredential,
  wanted: readonly number[] | null,
  transcript: readonly Uint8Array[],
  afterwards: AfterwardsDraft,
): Promise<Uint8Array> {
  const scheme = chosenScheme(credential, wanted);
  const signature = await credential.sign(concat(...transcript), scheme);
  afterwards.certificateSent = true;
  afterwards.signatureScheme = scheme;
  return handshakeMessage(TYPE.certificateVerify, concat(uint16(scheme), vector16(signature)));
}

async function readServerFinished(
  layer: RecordLayer,
  transcript: Uint8Array[],
  afterwards: AfterwardsDraft,
  { changeKeys, expected }: { changeKeys: () => void; expected: () => Uint8Array },
): Promise<void> {
  let changed = false;
  for (;;) {
    const incoming = await layer.next();
    if (incoming.kind === 'change-cipher-spec' && !changed) {
      changeKeys();
      changed = true;
    } else if (incoming.kind === 'handshake' && !changed && incoming.message.type === TYPE.newSessionTicket) {
      afterwards.sessionTickets = [readNewSessionTicket12(incoming.message.body)];
      transcript.push(incoming.message.raw);
    } else if (incoming.kind === 'handshake' && changed && incoming.message.type === TYPE.finished) {
      const { body } = incoming.message;
      const right = expected();
      if (body.length !== right.length || !timingSafeEqual(body, right))
        throw new DecodeError('Finished with wrong verify_data');
      return;
    } else {
      throw new DecodeError(`${incoming.kind} where the server's Finished belongs`);
    }
  }
}

const VERSION = 0x0303;
