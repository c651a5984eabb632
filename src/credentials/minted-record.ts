import { SslapiError } from '../errors.js';
import { parseCertificate } from '../x509/certificate.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { serialNumberHex } from '../x509/serial-number.js';
import type { MintedCredential } from './credential.js';

/** A certificate that was minted in memory, as the store's events tell it. */
export interface MintedRecord {
  readonly serialNumber: string;
  readonly what: string;
}

/** Every certificate that was made, those of intermediates too, once each; what cannot be read as one is left out.
 *  @param minted what each is, and it
 *  @param known certificates that were there before */
export function mintedRecords(
  minted: ReadonlyArray<readonly [what: string, MintedCredential | null]>,
  known: readonly Uint8Array[],
): MintedRecord[] {
  const seen = new Set(known.map(fingerprint256));
  return minted.flatMap(([what, shown]) =>
    (shown?.chain ?? []).flatMap((der, depth) => {
      const fingerprint = fingerprint256(der);
      const serialNumber = seen.has(fingerprint) ? null : serialOf(der);
      seen.add(fingerprint);
      return serialNumber === null ? [] : [{ serialNumber, what: depth === 0 ? what : `${what}, issuer` }];
    }),
  );
}

function serialOf(der: Uint8Array): string | null {
  try {
    return serialNumberHex(parseCertificate(der).serialNumber);
  } catch (error) {
    if (error instanceof SslapiError) return null;
    throw error;
  }
}
