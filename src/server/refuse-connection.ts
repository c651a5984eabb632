import type { TLSSocket } from 'node:tls';
import { answerText, refusalAnswer } from './answer.js';
import type { PageDocument } from './page/page-document.js';
import { asksForPage, refusedPage } from './page/refused-page.js';
import type { ClientRefusal } from './server-event.js';

/** Refuses a client that has just connected: answers its first octets, whatever they are, with the reason, and closes. Nothing
 *  that a refused client sends is ever parsed; who seems to be a browser is answered with a page that says the same. */
export function refuseConnection(socket: TLSSocket, refusal: ClientRefusal, page: PageDocument): void {
  const end = setTimeout(() => socket.destroy(), LINGER_MS);
  let discarded = 0;
  socket.once('close', () => clearTimeout(end));
  socket.once('end', () => socket.destroySoon());
  socket.once('data', (first: Buffer) => {
    const answer = refusalAnswer(refusal);
    socket.end(answerText(asksForPage(first) ? refusedPage(page, answer) : answer));
  });
  // The rest is read and thrown away: closing on unread octets would reset the connection, and our answer with it.
  socket.on('data', ({ length }: Buffer) => {
    discarded += length;
    if (discarded > MAX_DISCARDED_BYTES) socket.destroy();
  });
}

const LINGER_MS = 2_000;
const MAX_DISCARDED_BYTES = 1_048_576;
