import { SILENCE_MS, within } from './fault-trial.js';
import { type HandshakeAsked, type HandshakeFailed, overOpenssl } from './openssl-handshake.js';
import type { RequestEnding } from './request-outcome.js';

/** What a server made of a renegotiation that the client began. `silence`: it neither did it nor said no. */
export type Renegotiation =
  | { readonly kind: 'renegotiated' }
  | { readonly kind: 'refused'; readonly ended: RequestEnding }
  | { readonly kind: 'silence' }
  | HandshakeFailed;

/** Completes a handshake and begins another one over the same connection, RFC 5246 §7.4.1.2.
 *  @param asked for a version before TLS 1.3, which has no renegotiation */
export function tryRenegotiation(asked: HandshakeAsked): Promise<Renegotiation> {
  return overOpenssl(asked, async ({ socket, ended }): Promise<Renegotiation> => {
    const done = new Promise<Renegotiation>((resolve) => {
      socket.resume().renegotiate({ rejectUnauthorized: false }, (error) => {
        resolve(
          error
            ? { kind: 'refused', ended: { kind: 'tls-error', why: error.message } }
            : { kind: 'renegotiated' },
        );
      });
    });
    const refused = ended.then((how): Renegotiation => ({ kind: 'refused', ended: how }));
    return (await within(Promise.race([done, refused]), SILENCE_MS)) ?? { kind: 'silence' };
  });
}
