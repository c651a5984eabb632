import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
} from 'node:http2';
import { Duplex } from 'node:stream';
import { type HttpAnswer, MAX_BODY_BYTES, titleOf } from './http-response.js';
import { joinedFields, readRequestHead } from './request-head.js';

/** How an HTTP/2 request ended: the answer came, or the server called off the stream or the connection, RFC 9113 §7. `eof`: it is
 *  about to close for a fault of its own, as Node does with a client that it destroys. */
export type Http2Ending =
  | { readonly kind: 'complete' }
  | { readonly kind: 'eof' }
  | { readonly kind: 'called-off'; readonly errorCode: number };

/** One request over HTTP/2 as octets to send and octets that came, whatever carries them: node:http2 does the framing, and the
 *  caller has the connection. */
export class Http2Talk {
  /** Fulfilled once the server's part is over; pending where the connection ends before that. */
  readonly over: Promise<Http2Ending>;
  readonly #session: ClientHttp2Session;
  readonly #stream: ClientHttp2Stream;
  readonly #wire: Duplex;
  readonly #opening: Promise<Uint8Array>;
  #send: ((bytes: Uint8Array) => void) | null = null;
  #headers: IncomingHttpHeaders | null = null;
  #body: Buffer[] = [];
  #bodyBytes = 0;
  #isWhole = false;

  /** @param request in the octets of HTTP/1.1 */
  constructor(request: Uint8Array) {
    let opened: (bytes: Uint8Array) => void = () => undefined;
    this.#opening = new Promise((resolve) => {
      opened = resolve;
    });
    const write = (bytes: Uint8Array): void => (this.#send === null ? opened(bytes) : this.#send(bytes));
    this.#wire = wireTo(write);
    const head = readRequestHead(request);
    this.#session = connect(`https://${head.authority || 'localhost'}`, {
      createConnection: () => this.#wire,
    });
    this.#stream = this.#session.request({
      ...joinedFields(head),
      ':method': head.method,
      ':path': head.path,
      ...(head.authority !== '' && { ':authority': head.authority }),
    });
    this.over = this.#watch();
  }

  /** What a client says first: preface, SETTINGS and the request, all of it. */
  opening(): Promise<Uint8Array> {
    return this.#opening;
  }

  /** Says from now on where the rest goes: acknowledgements, and room for more of the answer. */
  sendBy(send: (bytes: Uint8Array) => void): void {
    this.#send = send;
  }

  /** Octets that came. */
  receive(bytes: Uint8Array): void {
    if (!this.#wire.destroyed) this.#wire.push(bytes);
  }

  /** Waits until all that was received has been read. */
  async settled(): Promise<void> {
    let isOver = false;
    void this.over.then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < TURNS_TO_READ && !isOver; turn += 1)
      await new Promise((resolve) => setImmediate(resolve));
  }

  /** As far as it came; null where no HEADERS did. */
  answer(): HttpAnswer | null {
    if (this.#headers === null) return null;
    const body = Buffer.concat(this.#body).subarray(0, MAX_BODY_BYTES);
    const fields = Object.entries(this.#headers).filter(([name]) => !name.startsWith(':'));
    return {
      status: Number(this.#headers[':status']),
      headers: Object.fromEntries(fields.map(([name, value]) => [name, [value].flat().join(', ')])),
      body,
      title: titleOf(body),
      whole: this.#isWhole,
    };
  }

  close(): void {
    this.#stream.destroy();
    this.#session.destroy();
    this.#wire.destroy();
  }

  #watch(): Promise<Http2Ending> {
    const stream = this.#stream;
    const nothing = (): void => undefined; // every ending is told by the stream's close or by the connection
    this.#wire.on('error', nothing);
    this.#session.on('error', nothing);
    stream.on('error', nothing);
    stream.on('response', (headers) => {
      this.#headers = headers;
    });
    return new Promise((resolve) => {
      stream.on('data', (chunk: Buffer) => {
        this.#body.push(chunk);
        this.#bodyBytes += chunk.length;
        if (this.#bodyBytes >= MAX_BODY_BYTES) resolve({ kind: 'complete' });
      });
      stream.on('end', () => {
        this.#isWhole = this.#headers !== null && this.#bodyBytes <= MAX_BODY_BYTES;
        if (this.#headers !== null) resolve({ kind: 'complete' });
      });
      this.#session.on('goaway', (errorCode) => {
        if (errorCode === INTERNAL_ERROR) resolve({ kind: 'eof' });
        else if (errorCode !== NO_ERROR) resolve({ kind: 'called-off', errorCode });
      });
      stream.on('close', () => {
        if (this.#headers === null && stream.rstCode !== NO_ERROR && !this.#wire.destroyed)
          resolve({ kind: 'called-off', errorCode: stream.rstCode });
      });
    });
  }
}

/** Takes what is written in one go as one piece. */
function wireTo(send: (bytes: Uint8Array) => void): Duplex {
  return new Duplex({
    read: () => undefined,
    write: (chunk: Uint8Array, _encoding, done) => {
      send(chunk);
      done();
    },
    writev: (chunks, done) => {
      send(Buffer.concat(chunks.map(({ chunk }) => chunk as Uint8Array)));
      done();
    },
  });
}

const NO_ERROR = 0;
const INTERNAL_ERROR = 2;
/** Turns of the event loop in which node:http2 has read what it was given. */
const TURNS_TO_READ = 8;
