import { timingSafeEqual } from 'node:crypto';
import { ByteReader, DecodeError } from './byte-reader.js';
import { readCertificateMessage13 } from './certificate-message.js';
import { readCertificateRequest13 } from './certificate-request.js';
import { cipherSuite } from './cipher-suite.js';
import { readExtensions } from './extension.js';
import { type HandshakeMessage, HANDSHAKE_TYPE as TYPE } from './handshake.js';
import {
  finishedVerifyData,
  type HandshakeSecrets,
  handshakeSecrets,
  type ScheduleHash,
  transcriptHash,
} from './key-schedule.js';
import type { KeyShare } from './key-share.js';
import type { RecordLayer } from './record-layer.js';
import { type AeadAlgorithm, aeadOf } from './record-protection.js';
import { recordProtection13 } from './record-protection-13.js';
import type { ServerFlightDraft } from './server-flight.js';
import { readServerExtensions, type ServerHello } from './server-hello.js';
import { signatureOf13 } from './server-signature.js';

/** The keys of one TLS 1.3 handshake. */
export interface Keys13 {
  readonly hash: ScheduleHash;
  readonly aead: AeadAlgorithm;
  readonly secrets: HandshakeSecrets;
}

/** The keys that a ServerHello leads to; null where its suite or its group is none that we can compute with.
 *  @param transcript from ClientHello to ServerHello */
export function keys13(
  hello: ServerHello,
  keyShares: readonly KeyShare[],
  transcript: readonly Uint8Array[],
): Keys13 | null {
  const suite = cipherSuite(hello.cipherSuite);
  const aead = suite?.since === 'TLSv1.3' ? aeadOf(suite) : null;
  const share = keyShares.find(({ group }) => group === hello.keyShare?.group);
  const peer = hello.keyShare?.keyExchange;
  if (!suite || !aead || !share || !peer) return null;
  const hash = suite.hash === 'sha384' ? 'sha384' : 'sha256';
  return { hash, aead, secrets: handshakeSecrets(hash, share.agree(peer), transcriptHash(hash, transcript)) };
}

/** Decrypts and reads what follows a ServerHello of TLS 1.3, up to the server's Finished (RFC 8446 §2).
 *  @param transcript the messages so far; those that are read are added */
export async function readFlight13(
  layer: RecordLayer,
  keys: Keys13,
  transcript: Uint8Array[],
  flight: ServerFlightDraft,
): Promise<void> {
  layer.protectReading(recordProtection13(keys.aead, keys.hash, keys.secrets.server));
  for (;;) {
    const message = await layer.nextMessage();
    if (message.type === TYPE.finished) {
      verifyFinished(message.body, keys, transcript);
      transcript.push(message.raw);
      break;
    }
    take(message, flight);
    if (message.type === TYPE.certificateVerify)
      flight.signed = signatureOf13(message.body, keys.hash, transcript);
    transcript.push(message.raw);
  }
  flight.finished = true;
  flight.ended = { kind: 'complete' };
}

function verifyFinished(
  verifyData: Uint8Array,
  { hash, secrets }: Keys13,
  transcript: readonly Uint8Array[],
): void {
  const expected = finishedVerifyData(hash, secrets.server, transcriptHash(hash, transcript));
  const isRight = verifyData.length === expected.length && timingSafeEqual(verifyData, expected);
  if (!isRight) throw new DecodeError('Finished with wrong verify_data');
}

function take({ type, body }: HandshakeMessage, flight: ServerFlightDraft): void {
  if (type === TYPE.encryptedExtensions) {
    const reader = new ByteReader(body, 'EncryptedExtensions');
    flight.extensions = readServerExtensions(readExtensions(reader.vector16(), 'EncryptedExtensions'));
    reader.end();
  } else if (type === TYPE.certificateRequest) {
    flight.certificateRequest = readCertificateRequest13(body);
  } else if (type === TYPE.certificate) {
    flight.certificate = readCertificateMessage13(body);
  } else if (type === TYPE.certificateVerify) {
    flight.certificateVerifyScheme = new ByteReader(body, 'CertificateVerify').uint16();
  } else {
    throw new DecodeError(`handshake message of type ${type} before Finished`);
  }
}
