import { ByteReader, DecodeError } from './byte-reader.js';
import { concat, uint8, vector24 } from './vector.js';

/** HandshakeType, RFC 8446 §4 and its forerunners. */
export const HANDSHAKE_TYPE = {
  helloRequest: 0,
  clientHello: 1,
  serverHello: 2,
  newSessionTicket: 4,
  endOfEarlyData: 5,
  encryptedExtensions: 8,
  certificate: 11,
  serverKeyExchange: 12,
  certificateRequest: 13,
  serverHelloDone: 14,
  certificateVerify: 15,
  clientKeyExchange: 16,
  finished: 20,
  certificateStatus: 22,
  keyUpdate: 24,
  compressedCertificate: 25,
  messageHash: 254,
} as const;

/** A Handshake message, RFC 8446 §4. */
export interface HandshakeMessage {
  readonly type: number;
  readonly body: Uint8Array;
  /** With its header, the way the transcript takes it. */
  readonly raw: Uint8Array;
}

/** Writes a message with its header. */
export function handshakeMessage(type: number, body: Uint8Array): Uint8Array {
  return concat(uint8(type), vector24(body));
}

/** Puts messages together again from the fragments that records carry, RFC 8446 §5.1. */
export class HandshakeReassembler {
  readonly #maxMessageBytes: number;
  #buffered: Uint8Array = new Uint8Array();

  /** @param maxMessageBytes octets of a message's body; a header that promises more is a DecodeError before any of it is kept */
  constructor(maxMessageBytes: number) {
    this.#maxMessageBytes = maxMessageBytes;
  }

  /** Octets of a message that is not whole yet. */
  get pendingBytes(): number {
    return this.#buffered.length;
  }

  push(fragment: Uint8Array): void {
    this.#buffered = this.#buffered.length === 0 ? fragment : concat(this.#buffered, fragment);
  }

  /** The next whole message; null while there is none. */
  next(): HandshakeMessage | null {
    if (this.#buffered.length < HEADER_BYTES) return null;
    const reader = new ByteReader(this.#buffered, 'handshake message');
    const type = reader.uint8();
    const length = reader.uint24();
    if (length > this.#maxMessageBytes) throw new DecodeError(`handshake message of ${length} octets`);
    if (reader.remaining < length) return null;
    const raw = this.#buffered.subarray(0, HEADER_BYTES + length);
    this.#buffered = this.#buffered.subarray(HEADER_BYTES + length);
    return { type, body: raw.subarray(HEADER_BYTES), raw };
  }
}

const HEADER_BYTES = 4;
