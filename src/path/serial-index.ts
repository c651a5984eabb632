import { entryContents, entryEnd } from '../x509/certificate-list.js';

/** Finds an entry of a CRL by its serial number without walking the CRL. */
export interface SerialIndex {
  /** Where the first entry with that encoded INTEGER begins in revokedCertificates; -1 where there is none. */
  find(serialNumber: Uint8Array): number;
}

/** A hash table of offsets, open addressing, half empty: eight to sixteen octets an entry and no object at all. */
export function buildSerialIndex(entries: Uint8Array): SerialIndex {
  let count = 0;
  for (let at = 0; at < entries.length; count += 1) at = entryEnd(entries, at);
  const mask = 2 ** Math.ceil(Math.log2(Math.max(count, 1) * 2)) - 1;
  const slots = new Int32Array(mask + 1).fill(-1);
  for (let at = 0, end = 0; at < entries.length; at = end) {
    end = entryEnd(entries, at);
    const start = entryContents(entries, at);
    let slot = hash(entries, start, start + 2 + entries[start + 1]!) & mask;
    while (slots[slot]! >= 0 && !sameSerial(entries, entryContents(entries, slots[slot]!), entries, start)) {
      slot = (slot + 1) & mask;
    }
    if (slots[slot]! < 0) slots[slot] = at; // the first of a serial number stays
  }
  return { find: (serialNumber) => find(entries, slots, mask, serialNumber) };
}

function find(entries: Uint8Array, slots: Int32Array, mask: number, wanted: Uint8Array): number {
  let slot = hash(wanted, 0, wanted.length) & mask;
  while (slots[slot]! >= 0) {
    if (sameSerial(entries, entryContents(entries, slots[slot]!), wanted, 0)) return slots[slot]!;
    slot = (slot + 1) & mask;
  }
  return -1;
}

/** FNV-1a. An attacker who issues the CRL can make it slow, not wrong. */
function hash(bytes: Uint8Array, from: number, to: number): number {
  let value = 0x811c9dc5;
  for (let at = from; at < to; at += 1) value = Math.imul(value ^ bytes[at]!, 0x01000193);
  return value ^ (value >>> 15);
}

function sameSerial(a: Uint8Array, from: number, b: Uint8Array, other: number): boolean {
  const length = 2 + a[from + 1]!;
  for (let at = 0; at < length; at += 1) if (a[from + at] !== b[other + at]) return false;
  return true;
}
