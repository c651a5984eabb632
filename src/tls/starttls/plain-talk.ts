import type { Socket } from 'node:net';

/** How a conversation before TLS failed. `refused`: the peer said no. `garbled`: it does not speak this protocol.
 *  `closed`: it went away. `timeout`: it said too little in time. `endless`: it said more than is worth reading. */
export type TalkFailure = 'refused' | 'garbled' | 'closed' | 'timeout' | 'endless';

/** Carries a failed conversation up to the outcome that tells it; never leaves this layer. */
export class TalkFailed extends Error {
  override readonly name = 'TalkFailed';
  readonly failure: TalkFailure;
  /** What the peer said, on one line; null where it said nothing. */
  readonly said: string | null;

  constructor(failure: TalkFailure, said: Uint8Array | string | null) {
    super(failure);
    this.failure = failure;
    this.said = said === null ? null : oneLine(said);
  }
}

/** Octets that are read before TLS begins, at most: greetings and lists of abilities are short. */
export const MAX_PLAIN_BYTES = 16_384;

/** The conversation in the clear on a connection that is to become TLS. Every wait ends in what was waited for or in
 *  TalkFailed; `finish` gives the socket back as it was. */
export class PlainTalk {
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  readonly #maxBytes: number;
  #unread: Buffer = Buffer.alloc(0);
  #bytesRead = 0;
  #ended: TalkFailure | null = null;
  #wake: (() => void) | null = null;

  /** @param deadline on the clock of `performance.now()` */
  constructor(socket: Socket, deadline: number, maxBytes: number) {
    this.#socket = socket;
    this.#maxBytes = Math.min(maxBytes, MAX_PLAIN_BYTES);
    this.#timer = setTimeout(() => this.#end('timeout'), Math.max(0, deadline - performance.now()));
    socket.on('readable', this.#receive);
    for (const event of ENDINGS) socket.on(event, this.#close);
  }

  send(octets: Uint8Array | string): void {
    if (this.#socket.writable) this.#socket.write(octets);
  }

  /** Reads on until enough is there, and takes that much.
   *  @param endOf where it ends in the octets so far, null while more is wanted */
  async until(endOf: (octets: Buffer) => number | null): Promise<Buffer> {
    for (;;) {
      const end = endOf(this.#unread);
      if (end !== null) return this.#take(end);
      if (this.#ended !== null) throw new TalkFailed(this.#ended, this.#unread);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** @param count of octets */
  bytes(count: number): Promise<Buffer> {
    return this.until(({ length }) => (length >= count ? count : null));
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    const octets = await this.until((all) => all.indexOf(LINE_FEED) + 1 || null);
    return octets.toString('latin1').replace(/\r?\n$/, '');
  }

  /** What has come but was not waited for, for an error to tell. */
  peek(): Buffer {
    return this.#unread;
  }

  /** Lets go of the socket, and gives back what has come but was not waited for. */
  finish(): Buffer {
    clearTimeout(this.#timer);
    this.#socket.off('readable', this.#receive);
    for (const event of ENDINGS) this.#socket.off(event, this.#close);
    return this.#take(this.#unread.length);
  }

  #take(count: number): Buffer {
    const taken = this.#unread.subarray(0, count);
    this.#unread = this.#unread.subarray(count);
    return taken;
  }

  readonly #receive = (): void => {
    const octets: Buffer | null = this.#socket.read();
    this.#bytesRead += octets?.length ?? 0;
    if (octets !== null) this.#unread = Buffer.concat([this.#unread, octets]);
    if (this.#bytesRead > this.#maxBytes) this.#end('endless');
    this.#wake?.();
  };

  readonly #close = (): void => this.#end('closed');

  #end(failure: TalkFailure): void {
    this.#ended ??= failure;
    this.#wake?.();
  }
}

/** What a report can show: one line of printable characters, not too long. */
function oneLine(said: Uint8Array | string): string | null {
  const text = typeof said === 'string' ? said : Buffer.from(said).toString('latin1');
  const line = text.replace(/[^\x20-\x7e]+/g, ' ').trim();
  if (line === '') return null;
  return line.length > MAX_SAID ? `${line.slice(0, MAX_SAID)} …` : line;
}

const ENDINGS = ['end', 'error', 'close'] as const;
const LINE_FEED = 0x0a;
const MAX_SAID = 160;
