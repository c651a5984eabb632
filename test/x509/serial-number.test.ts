import { describe, expect, it } from 'vitest';
import { parseSerialNumber, serialNumberFrom, serialNumberHex } from '../../src/x509/serial-number.js';

describe('a serial number of ours', () => {
  it.each([
    ['zeros', 0x00, '40000000000000000000000000000000'],
    ['ones', 0xff, '7fffffffffffffffffffffffffffffff'],
  ])('from %s is positive and has 16 octets (RFC 5280 §4.1.2.2)', (_kind, octet, hex) => {
    expect(serialNumberHex(serialNumberFrom(new Uint8Array(16).fill(octet)))).toBe(hex);
  });

  it.each([
    [0n, '00'],
    [0xfn, '0f'],
    [0x100n, '0100'],
    [-5n, '-05'],
  ])('%s is written with even digits: %s', (number, hex) => {
    expect(serialNumberHex(number)).toBe(hex);
  });

  it.each(['4f2a', '4F2A', '0x4f2a', '4f:2a', '004F:2A'])('is read as people write it: %s', (text) => {
    expect(parseSerialNumber(text)).toBe(0x4f2an);
  });

  it.each(['', '0x', 'xyz', '-1', '4f 2a', 'f'.repeat(41)])('"%s" is none', (text) => {
    expect(() => parseSerialNumber(text)).toThrow('is no serial number');
  });
});
