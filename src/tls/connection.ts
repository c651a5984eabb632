import type { Socket } from 'node:net';
import { closeWithReset, type Opened } from './connect.js';
import { type Ending, PeerEnded } from './ending.js';

/** The bytes of one open connection, read when asked for and ended at its deadline. */
export class Connection {
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  readonly #maxBytes: number;
  #chunks: Uint8Array[] = [];
  #ending: Ending | null = null;
  #wake: (() => void) | null = null;
  #bytesRead = 0;
  #finished = false;

  constructor({ socket, deadline }: Opened, maxBytes: number) {
    this.#socket = socket;
    this.#maxBytes = maxBytes;
    this.#timer = setTimeout(() => this.#end({ kind: 'timeout' }), Math.max(0, deadline - performance.now()));
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('end', () => this.#end({ kind: 'eof', closeNotify: false }));
    socket.on('error', () => this.#end({ kind: 'reset' }));
    socket.on('close', () => this.#end({ kind: 'eof', closeNotify: false }));
  }

  /** Octets that the peer has sent so far. */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  /** The next octets, as many as have come; an ending is thrown once they are used up. */
  async read(): Promise<Uint8Array> {
    while (this.#chunks.length === 0) {
      if (this.#ending !== null) throw new PeerEnded(this.#ending);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const bytes = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks);
    this.#chunks = [];
    return bytes;
  }

  /** Puts octets back, to be read again. */
  unread(bytes: Uint8Array): void {
    this.#chunks.unshift(bytes);
  }

  /** Sends; what a peer that is gone does not take is told by the next read. What is written in one go leaves in one go,
   *  so that a server has read all of it when it closes: unread octets would turn its close into a reset that eats its alert. */
  write(bytes: Uint8Array): void {
    if (!this.#socket.writable) return;
    if (this.#socket.writableCorked === 0) {
      this.#socket.cork();
      process.nextTick(() => this.#socket.uncork());
    }
    this.#socket.write(bytes);
  }

  /** Ends it from our side, with RST. To be called once, whatever has happened. */
  close(): void {
    clearTimeout(this.#timer);
    closeWithReset(this.#socket);
  }

  /** Ends it from our side once all that was written has gone out, and waits for the peer to close no longer than its deadline:
   *  RST could overtake an alert. To be called once, in place of `close`. */
  finish(): void {
    this.#socket.once('close', () => clearTimeout(this.#timer));
    this.#finished = true;
    if (this.#ending?.kind === 'timeout') this.#socket.destroy();
    else this.#socket.end();
    this.#socket.resume();
  }

  #receive(chunk: Uint8Array): void {
    if (this.#finished) return;
    this.#bytesRead += chunk.length;
    this.#chunks.push(chunk);
    if (this.#bytesRead > this.#maxBytes) {
      this.#socket.pause();
      this.#end({ kind: 'malformed', why: `more than ${this.#maxBytes} octets` });
    }
    this.#wake?.();
  }

  #end(ending: Ending): void {
    this.#ending ??= ending;
    if (this.#finished && ending.kind === 'timeout') this.#socket.destroy();
    this.#wake?.();
  }
}
