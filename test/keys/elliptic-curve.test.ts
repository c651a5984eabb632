import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isOnCurve, P256, P384, P521 } from '../../src/keys/elliptic-curve.js';

describe.each([
  ['P-256', P256],
  ['P-384', P384],
  ['P-521', P521],
] as const)('%s', (namedCurve, curve) => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve });
  const point = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })).subarray(
    -1 - 2 * curve.octets,
  );

  it('holds the points that OpenSSL makes on it', () => {
    expect(isOnCurve(point, curve)).toBe(true);
  });

  it('and none beside it, whichever bit is flipped', () => {
    const beside = Array.from({ length: point.length * 8 }, (_, bit) =>
      point.map((octet, at) => (at === bit >> 3 ? octet ^ (0x80 >> (bit & 7)) : octet)),
    );

    expect(beside.filter((other) => isOnCurve(other, curve))).toEqual([]);
  });

  it('wants coordinates below its prime', () => {
    const [x, y] = [point.subarray(1, 1 + curve.octets), point.subarray(1 + curve.octets)];
    const above = (BigInt(`0x${Buffer.from(y).toString('hex')}`) + curve.p).toString(16);
    const same = Buffer.concat([
      Uint8Array.of(4),
      x,
      Buffer.from(above.padStart(2 * curve.octets, '0').slice(-2 * curve.octets), 'hex'),
    ]);

    expect(isOnCurve(same, curve)).toBe(false);
  });
});
