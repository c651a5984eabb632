import { within } from './fault-trial.js';
import {
  type HandshakeAsked,
  type HandshakeFailed,
  type OpensslHandshake,
  overOpenssl,
} from './openssl-handshake.js';
import { type OpensslSession, readOpensslSession } from './openssl-session.js';
import type { RequestEnding } from './request-outcome.js';

/** A completed handshake, and what the server gave to resume it by. */
export interface GivenSession {
  readonly kind: 'completed';
  /** The handshake was itself an abbreviated one. */
  readonly resumed: boolean;
  /** In OpenSSL's own form, for `session` of the next handshake; null where the server gave nothing to resume by, and where
   *  the handshake was itself an abbreviated one. */
  readonly session: Uint8Array | null;
  /** What stands in it. */
  readonly given: OpensslSession | null;
}

/** Completes a handshake and waits for what a later one can resume by.
 *  @param request sent in TLS 1.3, where tickets come after the handshake: its answer shows that none is to be waited for */
export function takeSession(
  asked: HandshakeAsked,
  request: Uint8Array,
): Promise<GivenSession | HandshakeFailed> {
  return overOpenssl(asked, async (handshake) => {
    const { socket } = handshake;
    const resumed = socket.isSessionReused();
    if (resumed) return { kind: 'completed', resumed, session: null, given: null } as const;
    const session =
      asked.version === 'TLSv1.3' ? await ticket13(handshake, request) : (socket.getSession() ?? null);
    if (session !== null && 'kind' in session) return { kind: 'failed', ended: session } as const;
    const given = session && readOpensslSession(session);
    const isUsable = given !== null && (given.ticket !== null || given.sessionId.length > 0);
    return { kind: 'completed', resumed, session: isUsable ? session : null, given } as const;
  });
}

/** A ticket of TLS 1.3, or how the server ended a handshake that only we held complete: it judges our lack of a certificate
 *  after our last flight. Null where it went on without giving one. */
function ticket13(
  { socket, session, ended }: OpensslHandshake,
  request: Uint8Array,
): Promise<Uint8Array | RequestEnding | null> {
  const answered = new Promise<null>((resolve) => socket.once('data', () => resolve(null)));
  socket.write(request);
  return within(Promise.race([session, answered, ended]), TICKET_MS);
}

/** How long a server may take over its tickets, in milliseconds. */
const TICKET_MS = 1_000;
