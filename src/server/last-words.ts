import type { Socket } from 'node:net';

/** Answers and closes. What the client still sends is read and thrown away, for closing on unread octets would reset the
 *  connection, and the answer with it; who goes on for long is cut off. */
export function sayLast(socket: Socket, text: string): void {
  discardAll(socket);
  socket.end(text);
}

/** The same for an answer that Node gives and closes after: what is still sent to it is read, too. */
export function lingerAfterAnswer(socket: Socket): void {
  const destroySoon = socket.destroySoon;
  socket.destroySoon = () => {
    socket.destroySoon = destroySoon;
    discardAll(socket);
    socket.end();
  };
}

/** Reads whatever comes and does nothing with it, but not for long. */
export function discardAll(socket: Socket): void {
  const end = setTimeout(() => socket.destroy(), LINGER_MS);
  let discarded = 0;
  socket.once('close', () => clearTimeout(end));
  socket.once('end', () => socket.destroySoon());
  socket.removeAllListeners('data'); // a parser of HTTP, which has had enough
  socket.on('data', ({ length }: Buffer) => {
    discarded += length;
    if (discarded > MAX_DISCARDED_BYTES) socket.destroy();
  });
  socket.resume(); // it is paused where more of a body came than somebody has read
}

const LINGER_MS = 2_000;
const MAX_DISCARDED_BYTES = 1_048_576;
