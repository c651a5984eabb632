import { randomBytes } from 'node:crypto';
import type { ClientHelloOffer } from './client-hello.js';
import type { Limits, Target } from './connect.js';
import { EXTENSION_TYPE } from './extension.js';
import { type FaultTrial, notSeen, seen, talkOver } from './fault-trial.js';
import { askServerHello12 } from './opening-12.js';

/** Tries for Ticketbleed, CVE-2016-9244: a ticket of the server's own comes back with a session id of 16 octets, which a server
 *  that takes the ticket repeats (RFC 5077 §3.4). One with the fault always repeats 32, the rest out of its memory.
 *  @param offer of TLS 1.2 or before, with the suite that the ticket was given for
 *  @param ticket of RFC 5077 */
export function ticketbleed(
  target: Target,
  offer: ClientHelloOffer,
  ticket: Uint8Array,
  limits: Partial<Limits> = {},
): Promise<FaultTrial> {
  const sessionId = randomBytes(SESSION_ID_BYTES);
  const extensions = [...(offer.extensions ?? []), { type: EXTENSION_TYPE.sessionTicket, data: ticket }];
  return talkOver(target, limits, async (layer): Promise<FaultTrial> => {
    const { sessionId: echo } = await askServerHello12(layer, { ...offer, sessionId, extensions });
    const begins = Buffer.compare(echo.subarray(0, SESSION_ID_BYTES), sessionId) === 0;
    if (!begins) return notSeen('the server did not resume by its ticket, and repeats no session id');
    const surplus = echo.length - SESSION_ID_BYTES;
    return surplus > 0
      ? seen(`repeats a session id of ${SESSION_ID_BYTES} octets with ${surplus} more out of its memory`)
      : notSeen('resumes by a ticket, and repeats the session id as it was');
  });
}

/** Fewer than 32, and so many that no other session id begins like this one by chance. */
const SESSION_ID_BYTES = 16;
