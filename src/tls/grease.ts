import { DEFAULT_GROUPS, DEFAULT_SIGNATURE_SCHEMES } from './client-extensions.js';
import type { ClientHelloOffer } from './client-hello.js';

/** The offer with a reserved value of RFC 8701 at the head of each list, and two extensions that nobody knows.
 *  @param random at least 6 octets; they choose among the sixteen values */
export function greased(offer: ClientHelloOffer, random: Uint8Array): ClientHelloOffer {
  const value = (index: number): number => (random[index]! & 0xf0) * 0x101 + 0x0a0a;
  const last = value(4) === value(3) ? value(4) ^ 0x1010 : value(4);
  return {
    ...offer,
    cipherSuites: [value(0), ...offer.cipherSuites],
    groups: [value(1), ...(offer.groups ?? DEFAULT_GROUPS)],
    signatureSchemes: [value(5), ...(offer.signatureSchemes ?? DEFAULT_SIGNATURE_SCHEMES)],
    extraVersions: [value(2), ...(offer.extraVersions ?? [])],
    extensions: [
      ...(offer.extensions ?? []),
      { type: value(3), data: new Uint8Array() },
      { type: last, data: Uint8Array.of(0) },
    ],
  };
}
