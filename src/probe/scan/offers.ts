import { type CipherSuite, cipherSuite, cipherSuitesOf, SCSV } from '../../tls/cipher-suite.js';
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

/** Suites in one hello at most. */
export const OFFER_SIZE = 124;

/** The suites of a version by how likely a server is to take them, the likeliest first; together all that there are. */
export interface SuiteTiers {
  /** What up-to-date servers speak. */
  readonly modern: readonly number[];
  /** What others that are in use speak as well. */
  readonly legacy: readonly number[];
  /** What a server can be talked into by configuration: NULL, anonymous, EXPORT, CCM, ARIA, CAMELLIA and the like. */
  readonly exotic: readonly number[];
  /** What nearly none has, and suites of TLS 1.2 in earlier versions, which they should not be spoken in. */
  readonly outlandish: readonly number[];
}

export function suiteTiersOf(version: TlsVersion): SuiteTiers {
  const key = version === 'TLSv1.3' || version === 'TLSv1.2' ? version : 'older';
  const known = tiers.get(key);
  if (known !== undefined) return known;
  const found = key === 'TLSv1.3' ? tiersOf13() : olderTiers(key === 'TLSv1.2');
  tiers.set(key, found);
  return found;
}

function tiersOf13(): SuiteTiers {
  const others = cipherSuitesOf('TLSv1.3').filter((id) => !MAINSTREAM_13.includes(id));
  return {
    modern: MAINSTREAM_13.slice(0, 3),
    legacy: [],
    exotic: [...MAINSTREAM_13.slice(3), ...others],
    outlandish: [],
  };
}

function olderTiers(isTwelve: boolean): SuiteTiers {
  const found = {
    modern: [] as number[],
    legacy: [] as number[],
    exotic: [] as number[],
    outlandish: [] as number[],
  };
  for (const id of [
    ...OLDER_SUITES,
    ...cipherSuitesOf('TLSv1.2').filter((one) => !OLDER_SUITES.includes(one)),
  ])
    found[tierOf(cipherSuite(id)!, isTwelve)].push(id);
  return found;
}

function tierOf(
  { id, opensslName, keyExchange, authentication, since, aead }: CipherSuite,
  isTwelve: boolean,
): keyof SuiteTiers {
  if (!isTwelve && since === 'TLSv1.2') return 'outlandish';
  if (OLDER_SUITES.includes(id)) return isTwelve && !aead ? 'legacy' : 'modern';
  const isUsual = /^(RSA|DHE|ECDHE)$/.test(keyExchange) && /^(RSA|ECDSA|anon)$/.test(authentication);
  return isUsual && opensslName !== null ? 'exotic' : 'outlandish';
}

/** Suites in which every server that speaks a version has one. */
export function mainstreamSuitesOf(version: TlsVersion): readonly number[] {
  return version === 'TLSv1.3' ? MAINSTREAM_13 : OLDER_SUITES;
}

/** Mainstream suites with which a server signs: with them it names a group and a scheme. */
export const SIGNING_SUITES: readonly number[] = OLDER_SUITES.filter((id) =>
  /^(ECDHE|DHE)$/.test(cipherSuite(id)!.keyExchange),
);

/** Suites with which a server names a curve: some have none but those without a certificate, or without encryption. */
export function curveSuites(): readonly number[] {
  const { modern, legacy, exotic } = suiteTiersOf('TLSv1.2');
  return [...modern, ...legacy, ...exotic].filter((id) => cipherSuite(id)!.keyExchange === 'ECDHE');
}

/** Every group that a version can be asked for, those of browsers first. */
export function groupsOf(version: TlsVersion): readonly number[] {
  return version === 'TLSv1.3' ? GROUPS_13 : OLDER_GROUPS;
}

/** signature_algorithms_cert with everything, RFC 8446 §4.2.3: the chain's signatures are no matter of what is asked. */
export const ANY_CERTIFICATE_SIGNATURE = {
  type: EXTENSION_TYPE.signatureAlgorithmsCert,
  data: vector16(concat(...DEFAULT_SIGNATURE_SCHEMES.map(uint16))),
} as const;

const tiers = new Map<string, SuiteTiers>();
const MAINSTREAM_13: readonly number[] = [0x1301, 0x1302, 0x1303, 0x1304, 0x1305];
/** The brainpool curves that RFC 8734 gave TLS 1.3 numbers of its own, and what came after. */
const FIRST_TLS13_GROUP = 31;
const GROUPS_13 = [...DEFAULT_GROUPS, ...knownGroups().filter((group) => !DEFAULT_GROUPS.includes(group))];
const OLDER_GROUPS = GROUPS_13.filter((group) => DEFAULT_GROUPS.includes(group) || group < FIRST_TLS13_GROUP);
