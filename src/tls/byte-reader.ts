/** What a peer sent does not follow the RFC. Never leaves this layer: an outcome tells it. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}

/** Reads the presentation language of RFC 8446 §3 from the front; every step past the end is a DecodeError.
 *  What it gives back are views: nothing is copied. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #what: string;
  #offset = 0;

  /** @param what the structure that is read, for the error's words */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#what = what;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  uint8(): number {
    return this.bytes(1)[0]!;
  }

  uint16(): number {
    const octets = this.bytes(2);
    return octets[0]! * 0x100 + octets[1]!;
  }

  uint24(): number {
    return this.uint8() * 0x10000 + this.uint16();
  }

  uint32(): number {
    return this.uint16() * 0x10000 + this.uint16();
  }

  /** @param length in octets */
  bytes(length: number): Uint8Array {
    if (length > this.remaining) {
      throw new DecodeError(`${this.#what} ends ${length - this.remaining} octets early`);
    }
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  /** opaque<0..2^8-1> */
  vector8(): Uint8Array {
    return this.bytes(this.uint8());
  }

  /** opaque<0..2^16-1> */
  vector16(): Uint8Array {
    return this.bytes(this.uint16());
  }

  /** opaque<0..2^24-1> */
  vector24(): Uint8Array {
    return this.bytes(this.uint24());
  }

  /** Whatever is left. */
  rest(): Uint8Array {
    return this.bytes(this.remaining);
  }

  /** Says that the structure ends here; octets left over are an error. */
  end(): void {
    if (this.remaining > 0) throw new DecodeError(`${this.#what} has ${this.remaining} octets too many`);
  }
}

/** A list of uint16, the way suites, groups and schemes are listed; an odd octet at the end is a DecodeError. */
export function uint16List(bytes: Uint8Array, what: string): number[] {
  const reader = new ByteReader(bytes, what);
  const list: number[] = [];
  while (reader.remaining > 0) list.push(reader.uint16());
  return list;
}
