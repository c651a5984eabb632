import { SCSV } from './cipher-suite.js';
import type { ClientHelloOffer } from './client-hello.js';
import type { TlsVersion } from './version.js';

/** The one hello to begin with: what nearly every server has something of, few enough suites for old middleboxes.
 *  @param serverName server_name, left out for an address
 *  @param versions what is offered; TLS 1.3 and 1.2 by default */
export function fullOffer(
  serverName: string | null,
  versions: readonly TlsVersion[] = ['TLSv1.3', 'TLSv1.2'],
): ClientHelloOffer {
  const tls13 = versions.includes('TLSv1.3') ? TLS13_SUITES : [];
  const older = versions.some((version) => version !== 'TLSv1.3')
    ? [...OLDER_SUITES, SCSV.emptyRenegotiationInfo]
    : [];
  return {
    versions,
    cipherSuites: [...tls13, ...older],
    serverName,
  };
}

const TLS13_SUITES: readonly number[] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];

/** Mainstream suites of TLS 1.2 and before: those with ECDHE and DHE, then RSA, AEAD before CBC; RC4, 3DES and NULL last. */
export const OLDER_SUITES: readonly number[] = [
  0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc0ac, 0xc0ad, 0x009e, 0x009f, 0xccaa, 0xc023, 0xc027,
  0xc024, 0xc028, 0xc009, 0xc013, 0xc00a, 0xc014, 0x0067, 0x006b, 0x0033, 0x0039, 0x009c, 0x009d, 0x003c,
  0x003d, 0x002f, 0x0035, 0x0041, 0x0084, 0xc008, 0xc012, 0x0016, 0x000a, 0xc011, 0xc007, 0x0005, 0x0004,
];
