import { SslapiError } from '../errors.js';

/** How many octets the serial numbers have that we give out. */
export const SERIAL_OCTETS = 16;

/** RFC 5280 §4.1.2.2: positive, at most 20 octets; these 16 hold 126 random bits. */
export function serialNumberFrom(random: Uint8Array): bigint {
  const octets = random.slice(0, SERIAL_OCTETS);
  octets[0] = (octets[0]! & 0x7f) | 0x40; // top bit clear: positive; next bit set: never zero, length fixed
  return BigInt(`0x${Buffer.from(octets).toString('hex')}`);
}

/** Lower-case hex with an even number of digits and no sign octet: how a serial number is written everywhere. */
export function serialNumberHex(serialNumber: bigint): string {
  const magnitude = (serialNumber < 0n ? -serialNumber : serialNumber).toString(16);
  const even = magnitude.length % 2 === 0 ? magnitude : `0${magnitude}`;
  return serialNumber < 0n ? `-${even}` : even;
}

/** Reads a serial number as people write it: hex of any case, with colons or a 0x before it. */
export function parseSerialNumber(text: string): bigint {
  const digits = text.replace(/^0x/i, '').replaceAll(':', '');
  if (!/^[0-9a-f]{1,40}$/i.test(digits)) {
    throw new SslapiError('ERR_SERIAL_UNKNOWN', `"${text}" is no serial number`);
  }
  return BigInt(`0x${digits}`);
}
