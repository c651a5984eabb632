import type { TLSSocket } from 'node:tls';
import { answerText, refusalAnswer } from './answer.js';
import { discardAll } from './last-words.js';
import type { PageDocument } from './page/page-document.js';
import { asksForPage, refusedPage } from './page/refused-page.js';
import type { ClientRefusal } from './server-event.js';

/** Refuses a client that has just connected: answers its first octets, whatever they are, with the reason, and closes. Nothing
 *  that a refused client sends is ever parsed; who seems to be a browser is answered with a page that says the same. */
export function refuseConnection(socket: TLSSocket, refusal: ClientRefusal, page: PageDocument): void {
  discardAll(socket);
  socket.once('data', (first: Buffer) => {
    const answer = refusalAnswer(refusal);
    socket.end(answerText(asksForPage(first) ? refusedPage(page, answer) : answer));
  });
}
