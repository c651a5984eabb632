import type { HandshakeFailed } from '../tls/openssl-handshake.js';
import type { RequestCertificate } from '../tls/request-outcome.js';
import { type GivenSession, takeSession } from '../tls/resumption.js';
import type { DetourScene } from './detour.js';

/** A session that a server gave, and how. */
export interface TakenSession {
  /** `ticket`, `session id` or `pre-shared key`. */
  readonly kind: string;
  readonly session: Uint8Array;
  /** In seconds; 0 where the server did not say. */
  readonly lifetimeSeconds: number;
}

/** Has the server give a session of each kind that the version knows: in TLS 1.2 one by ticket and one by id.
 *  @param given other than in the round of the scene */
export async function takeSessions(
  { connections, servername, version, request }: DetourScene,
  given: {
    readonly servername?: string | null;
    readonly certificate: RequestCertificate | null;
    readonly request?: Uint8Array;
  },
): Promise<TakenSession[]> {
  const kinds = version === 'TLSv1.3' ? [PSK] : [TICKET, SESSION_ID];
  const taken = await Promise.all(
    kinds.map(async (kind): Promise<TakenSession[]> => {
      const asked = { servername, version, ...given, tickets: kind !== SESSION_ID };
      const outcome: GivenSession | HandshakeFailed = await connections.use((target, timeoutMs) =>
        takeSession({ ...asked, target, timeoutMs }, given.request ?? request),
      );
      if (outcome.kind === 'failed' || outcome.session === null) return [];
      if (kind === TICKET && outcome.given?.ticket === null) return []; // then it is one by id
      const lifetimeSeconds = outcome.given?.ticketLifetimeSeconds ?? 0;
      return [{ kind, session: outcome.session, lifetimeSeconds }];
    }),
  );
  return taken.flat();
}

const TICKET = 'ticket';
const SESSION_ID = 'session id';
const PSK = 'pre-shared key';
