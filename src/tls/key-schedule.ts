import { createHash, createHmac } from 'node:crypto';
import { concat, uint8, uint16, vector8 } from './vector.js';

/** A hash of the TLS 1.3 key schedule, as node:crypto calls it. */
export type ScheduleHash = 'sha256' | 'sha384';

/** HKDF-Extract, RFC 5869 §2.2. */
export function hkdfExtract(hash: ScheduleHash, salt: Uint8Array, inputKeyMaterial: Uint8Array): Uint8Array {
  return createHmac(hash, salt).update(inputKeyMaterial).digest();
}

/** HKDF-Expand-Label, RFC 8446 §7.1.
 *  @param length octets wanted, at most 255 times the hash's length */
export function hkdfExpandLabel(
  hash: ScheduleHash,
  secret: Uint8Array,
  label: string,
  context: Uint8Array,
  length: number,
): Uint8Array {
  const info = concat(uint16(length), vector8(Buffer.from(`tls13 ${label}`, 'latin1')), vector8(context));
  let block: Uint8Array = new Uint8Array();
  let output: Uint8Array = new Uint8Array();
  for (let counter = 1; output.length < length; counter += 1) {
    block = createHmac(hash, secret)
      .update(concat(block, info, uint8(counter)))
      .digest();
    output = concat(output, block);
  }
  return output.subarray(0, length);
}

/** Transcript-Hash, RFC 8446 §4.4.1. */
export function transcriptHash(hash: ScheduleHash, transcript: readonly Uint8Array[]): Uint8Array {
  const digest = createHash(hash);
  for (const message of transcript) digest.update(message);
  return digest.digest();
}

/** Both directions' traffic secrets of one phase. */
export interface TrafficSecrets {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** The secrets of a full TLS 1.3 handshake without PSK, RFC 8446 §7.1. */
export interface HandshakeSecrets extends TrafficSecrets {
  readonly handshakeSecret: Uint8Array;
}

/** Secrets that protect what follows a ServerHello.
 *  @param helloHash transcript hash from ClientHello to ServerHello */
export function handshakeSecrets(
  hash: ScheduleHash,
  sharedSecret: Uint8Array,
  helloHash: Uint8Array,
): HandshakeSecrets {
  const zeros = new Uint8Array(helloHash.length);
  const early = hkdfExtract(hash, zeros, zeros);
  const handshakeSecret = hkdfExtract(hash, derived(hash, early), sharedSecret);
  return { handshakeSecret, ...phase(hash, handshakeSecret, 'hs', helloHash) };
}

/** Secrets that protect application data.
 *  @param finishedHash transcript hash from ClientHello to the server's Finished */
export function applicationSecrets(
  hash: ScheduleHash,
  handshakeSecret: Uint8Array,
  finishedHash: Uint8Array,
): TrafficSecrets {
  const master = hkdfExtract(hash, derived(hash, handshakeSecret), new Uint8Array(finishedHash.length));
  return phase(hash, master, 'ap', finishedHash);
}

/** verify_data of a Finished, RFC 8446 §4.4.4.
 *  @param trafficSecret handshake traffic secret of the side that sends it */
export function finishedVerifyData(
  hash: ScheduleHash,
  trafficSecret: Uint8Array,
  contextHash: Uint8Array,
): Uint8Array {
  const key = hkdfExpandLabel(hash, trafficSecret, 'finished', new Uint8Array(), contextHash.length);
  return createHmac(hash, key).update(contextHash).digest();
}

/** The next application traffic secret after a KeyUpdate, RFC 8446 §7.2. */
export function updatedTrafficSecret(hash: ScheduleHash, secret: Uint8Array): Uint8Array {
  return hkdfExpandLabel(hash, secret, 'traffic upd', new Uint8Array(), secret.length);
}

/** message_hash that takes the first ClientHello's place after a HelloRetryRequest, RFC 8446 §4.4.1. */
export function messageHash(hash: ScheduleHash, clientHello: Uint8Array): Uint8Array {
  const digest = transcriptHash(hash, [clientHello]);
  return concat(Uint8Array.of(MESSAGE_HASH, 0, 0, digest.length), digest);
}

function phase(
  hash: ScheduleHash,
  secret: Uint8Array,
  name: 'hs' | 'ap',
  context: Uint8Array,
): TrafficSecrets {
  return {
    client: hkdfExpandLabel(hash, secret, `c ${name} traffic`, context, context.length),
    server: hkdfExpandLabel(hash, secret, `s ${name} traffic`, context, context.length),
  };
}

/** Derive-Secret(secret, "derived", "") */
function derived(hash: ScheduleHash, secret: Uint8Array): Uint8Array {
  const empty = transcriptHash(hash, []);
  return hkdfExpandLabel(hash, secret, 'derived', empty, empty.length);
}

const MESSAGE_HASH = 254;
