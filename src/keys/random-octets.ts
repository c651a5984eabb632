import { randomBytes } from 'node:crypto';

/** Octets from the system's secure source of randomness. */
export function randomOctets(count: number): Uint8Array {
  return randomBytes(count);
}
