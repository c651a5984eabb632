import { cipherSuite, cipherSuitesOf, SCSV } from '../../tls/cipher-suite.js';
import { DEFAULT_GROUPS, DEFAULT_SIGNATURE_SCHEMES } from '../../tls/client-extensions.js';
import type { ClientHelloOffer } from '../../tls/client-hello.js';
import { EXTENSION_TYPE } from '../../tls/extension.js';
import { OLDER_SUITES } from '../../tls/full-offer.js';
import { knownGroups } from '../../tls/group.js';
import { concat, uint16, vector16 } from '../../tls/vector.js';
import type { TlsVersion } from '../../tls/version.js';

/** Versions up to TLS 1.2, newest first: one hello serves them all but for its version. */
export const OLDER_VERSIONS = ['TLSv1.2', 'TLSv1.1', 'TLSv1', 'SSLv3'] as const satisfies TlsVersion[];
export type OlderVersion = (typeof OLDER_VERSIONS)[number];

/** A hello of one version with these suites, every group and every scheme, so that nothing but the suites decides. */
export function suitesOffer(
  serverName: string | null,
  version: Exclude<TlsVersion, 'SSLv2'>,
  cipherSuites: readonly number[],
): ClientHelloOffer {
  if (version === 'TLSv1.3') {
    return { versions: [version], cipherSuites, groups: groupsOf(version), keyShares: [], serverName };
  }
  const signal = version === 'SSLv3' ? [SCSV.emptyRenegotiationInfo] : [];
  return {
    versions: [version],
    cipherSuites: [...cipherSuites, ...signal],
    groups: groupsOf(version),
    serverName,
  };
}

/** Suites that servers really speak, in an order that makes sense. */
export function mainstreamSuitesOf(version: TlsVersion): readonly number[] {
  return version === 'TLSv1.3' ? MAINSTREAM_13 : OLDER_SUITES;
}

/** Every other suite; those of TLS 1.2 for earlier versions too, which they should not be spoken in. */
export function exoticSuitesOf(version: TlsVersion): readonly number[] {
  const key = version === 'TLSv1.3' ? version : 'TLSv1.2';
  const known = exotic.get(key);
  if (known !== undefined) return known;
  const mainstream = new Set(mainstreamSuitesOf(version));
  const others = cipherSuitesOf(key).filter((id) => !mainstream.has(id));
  exotic.set(key, others);
  return others;
}

/** Mainstream suites with which a server signs: with them it names a group and a scheme. */
export function signingSuites(keyExchange: 'ECDHE' | 'any'): readonly number[] {
  return OLDER_SUITES.filter((id) => {
    const suite = cipherSuite(id)!;
    return suite.keyExchange === 'ECDHE' || (keyExchange === 'any' && suite.keyExchange === 'DHE');
  });
}

/** Every group that a version can be asked for, those of browsers first. */
export function groupsOf(version: TlsVersion): readonly number[] {
  const isThirteen = version === 'TLSv1.3';
  const others = knownGroups().filter((group) => !DEFAULT_GROUPS.includes(group));
  return [...DEFAULT_GROUPS, ...others.filter((group) => isThirteen || group < FIRST_TLS13_GROUP)];
}

/** signature_algorithms_cert with everything, RFC 8446 §4.2.3: the chain's signatures are no matter of what is asked. */
export const ANY_CERTIFICATE_SIGNATURE = {
  type: EXTENSION_TYPE.signatureAlgorithmsCert,
  data: vector16(concat(...DEFAULT_SIGNATURE_SCHEMES.map(uint16))),
} as const;

const exotic = new Map<TlsVersion, readonly number[]>();
const MAINSTREAM_13: readonly number[] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];
/** The brainpool curves that RFC 8734 gave TLS 1.3 numbers of its own, and what came after. */
const FIRST_TLS13_GROUP = 31;
