/** Writes the presentation language of RFC 8446 §3: numbers of fixed width and vectors with their length before them. */

/** @param value 0 to 255 */
export function uint8(value: number): Uint8Array {
  return Uint8Array.of(value);
}

/** @param value 0 to 65,535 */
export function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 0xff);
}

/** @param value 0 to 16,777,215 */
export function uint24(value: number): Uint8Array {
  return Uint8Array.of(value >> 16, (value >> 8) & 0xff, value & 0xff);
}

/** opaque<0..2^8-1> of all the parts, one after the other. */
export function vector8(...parts: readonly Uint8Array[]): Uint8Array {
  return withLength(uint8, 0xff, parts);
}

/** opaque<0..2^16-1> of all the parts, one after the other. */
export function vector16(...parts: readonly Uint8Array[]): Uint8Array {
  return withLength(uint16, 0xffff, parts);
}

/** opaque<0..2^24-1> of all the parts, one after the other. */
export function vector24(...parts: readonly Uint8Array[]): Uint8Array {
  return withLength(uint24, 0xffffff, parts);
}

/** The parts, one after the other. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function withLength(
  width: (value: number) => Uint8Array,
  limit: number,
  parts: readonly Uint8Array[],
): Uint8Array {
  const length = parts.reduce((total, part) => total + part.length, 0);
  if (length > limit)
    throw new RangeError(`a vector of ${length} octets does not fit under a limit of ${limit}`);
  return concat(width(length), ...parts);
}
