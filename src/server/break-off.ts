import type { Socket } from 'node:net';
import { answerText, refusalAnswer } from './answer.js';
import { serverRefusal } from './client-refusal.js';
import { httpFailure } from './http-failure.js';
import { sayLast } from './last-words.js';
import { answerUnderWay } from './request-turns.js';
import type { ClientRefusal } from './server-event.js';

/** Ends a connection on which something came that is no request: with an answer where none has begun.
 *  @param report hears why, once, unless the client just went away */
export function breakOff(
  error: NodeJS.ErrnoException,
  socket: Socket,
  report: (why: ClientRefusal) => void,
): void {
  const failure = httpFailure(error);
  if (failure === null || socket.destroyed || BROKEN_OFF.has(socket)) {
    socket.destroy();
    return;
  }
  BROKEN_OFF.add(socket);
  const { code, message, fix, answer } = failure;
  report(serverRefusal(code, message, fix));
  if (socket.writable && !isAnswering(socket)) sayLast(socket, answerText(answer));
  else socket.destroy();
}

/** Ends a connection on which a tunnel is asked for (CONNECT, RFC 9110 §9.3.6), for which Node takes it away from its parser: with
 *  an answer, unless that of a request before it is still to come, whose place it would take. */
export function refuseTunnel(socket: Socket, report: (why: ClientRefusal) => void): void {
  report(NO_TUNNEL);
  if (answerUnderWay(socket) === null) sayLast(socket, answerText(refusalAnswer(NO_TUNNEL)));
  else socket.destroy();
}

const NO_TUNNEL = serverRefusal(
  'no-tunnel',
  'CONNECT asks for a tunnel, and this is no proxy',
  'ask for what is here: see /openapi.json',
);

/** Another answer in the middle of one would be nonsense. */
function isAnswering(socket: Socket): boolean {
  return answerUnderWay(socket)?.headersSent ?? false;
}

const BROKEN_OFF = new WeakSet<Socket>();
