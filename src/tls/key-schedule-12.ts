import { createHmac } from 'node:crypto';
import { ByteReader } from './byte-reader.js';
import type { ScheduleHash } from './key-schedule.js';
import { concat } from './vector.js';

/** The pseudorandom function of TLS 1.2, RFC 5246 §5.
 *  @param length octets wanted */
export function prf12(
  hash: ScheduleHash,
  secret: Uint8Array,
  label: string,
  seed: Uint8Array,
  length: number,
): Uint8Array {
  const labelled = concat(Buffer.from(label, 'latin1'), seed);
  const hmac = (data: Uint8Array): Uint8Array => createHmac(hash, secret).update(data).digest();
  let output: Uint8Array = new Uint8Array();
  for (let a = hmac(labelled); output.length < length; a = hmac(a))
    output = concat(output, hmac(concat(a, labelled)));
  return output.subarray(0, length);
}

/** Both hellos' randoms, 32 octets each. */
export interface Randoms {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** The master secret, RFC 5246 §8.1, or the extended one of RFC 7627 §4.
 *  @param sessionHash transcript hash up to ClientKeyExchange where both sides have agreed to the extended one, else null */
export function masterSecret12(
  hash: ScheduleHash,
  premaster: Uint8Array,
  { client, server }: Randoms,
  sessionHash: Uint8Array | null,
): Uint8Array {
  if (sessionHash !== null)
    return prf12(hash, premaster, 'extended master secret', sessionHash, MASTER_SECRET_BYTES);
  return prf12(hash, premaster, 'master secret', concat(client, server), MASTER_SECRET_BYTES);
}

/** What protects one direction's records. */
export interface WriteKeys {
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

/** The key block of an AEAD suite, RFC 5246 §6.3. */
export function keyBlock12(
  hash: ScheduleHash,
  masterSecret: Uint8Array,
  { client, server }: Randoms,
  keyBytes: number,
  ivBytes: number,
): { readonly client: WriteKeys; readonly server: WriteKeys } {
  const block = prf12(hash, masterSecret, 'key expansion', concat(server, client), 2 * (keyBytes + ivBytes));
  const reader = new ByteReader(block, 'key block');
  const [clientKey, serverKey] = [reader.bytes(keyBytes), reader.bytes(keyBytes)];
  return {
    client: { key: clientKey, iv: reader.bytes(ivBytes) },
    server: { key: serverKey, iv: reader.bytes(ivBytes) },
  };
}

/** verify_data of a Finished, RFC 5246 §7.4.9. */
export function verifyData12(
  hash: ScheduleHash,
  masterSecret: Uint8Array,
  side: 'client' | 'server',
  transcriptDigest: Uint8Array,
): Uint8Array {
  return prf12(hash, masterSecret, `${side} finished`, transcriptDigest, VERIFY_DATA_BYTES);
}

const MASTER_SECRET_BYTES = 48;
const VERIFY_DATA_BYTES = 12;
