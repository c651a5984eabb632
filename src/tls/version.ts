/** A protocol version under the name that OpenSSL, Node and our reports give it. */
export type TlsVersion = 'SSLv2' | 'SSLv3' | 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** Every version, oldest first. */
export const TLS_VERSIONS: readonly TlsVersion[] = [
  'SSLv2',
  'SSLv3',
  'TLSv1',
  'TLSv1.1',
  'TLSv1.2',
  'TLSv1.3',
];

/** The ProtocolVersion on the wire, RFC 8446 §4.1.2 and its forerunners; 0x0002 for SSL 2.0. */
export function versionNumber(version: TlsVersion): number {
  return NUMBERS[version];
}

/** The version that a ProtocolVersion stands for; null for a number that no specification gives. */
export function versionOf(number: number): TlsVersion | null {
  return TLS_VERSIONS.find((version) => NUMBERS[version] === number) ?? null;
}

const NUMBERS: Readonly<Record<TlsVersion, number>> = {
  SSLv2: 0x0002,
  SSLv3: 0x0300,
  TLSv1: 0x0301,
  'TLSv1.1': 0x0302,
  'TLSv1.2': 0x0303,
  'TLSv1.3': 0x0304,
};
