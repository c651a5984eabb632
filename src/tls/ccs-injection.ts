import { ALERT, alertName } from './alert.js';
import type { ClientHelloOffer } from './client-hello.js';
import type { Limits, Target } from './connect.js';
import { type Ending, endingOf } from './ending.js';
import { type FaultTrial, notSeen, SILENCE_MS, seen, talkOver, unclear, within } from './fault-trial.js';
import { handshakeMessage } from './handshake.js';
import { openHandshake12 } from './opening-12.js';
import { CONTENT_TYPE } from './record.js';
import type { Incoming } from './record-layer.js';

/** Tries for the injection of ChangeCipherSpec, CVE-2014-0224: one that comes before any key was agreed upon. A server without
 *  the fault refuses it at once. One with it changes to keys that anybody can compute, and can't decrypt what comes next;
 *  so another follows where the first is met with silence, and then a handshake message that is out of place in clear too. */
export function ccsInjection(
  target: Target,
  offer: ClientHelloOffer,
  limits: Partial<Limits> = {},
): Promise<FaultTrial> {
  return talkOver(target, limits, async (layer): Promise<FaultTrial> => {
    const { recordVersion } = await openHandshake12(layer, offer);
    const answer = layer.next().catch(endingOf);
    for (const { type, content } of STEPS) {
      layer.send(type, content, recordVersion);
      const came = await within(answer, SILENCE_MS / STEPS.length);
      if (came !== null) return judged(came);
    }
    return { kind: 'untold', ended: { kind: 'timeout' } };
  });
}

function judged(came: Incoming | Ending): FaultTrial {
  if (came.kind === 'alert') {
    const name = alertName(came.alert);
    return UNDECIPHERED.has(came.alert)
      ? seen(`takes a ChangeCipherSpec before any key, and answers a second one by the alert ${name}`)
      : notSeen(`an early ChangeCipherSpec is answered by the alert ${name}`);
  }
  if (came.kind === 'eof' || came.kind === 'reset')
    return notSeen('an early ChangeCipherSpec ends the connection');
  if (came.kind === 'malformed' || came.kind === 'timeout') return { kind: 'untold', ended: came };
  return unclear(`an early ChangeCipherSpec is answered by ${came.kind}`);
}

const CHANGE_CIPHER_SPEC = { type: CONTENT_TYPE.changeCipherSpec, content: Uint8Array.of(1) };
/** Of a HandshakeType that is none. */
const OUT_OF_PLACE = { type: CONTENT_TYPE.handshake, content: handshakeMessage(99, new Uint8Array()) };
const STEPS = [CHANGE_CIPHER_SPEC, CHANGE_CIPHER_SPEC, OUT_OF_PLACE];
/** What is said to a record that can't be decrypted. */
const UNDECIPHERED = new Set<number>([ALERT.badRecordMac, ALERT.decryptionFailed]);
