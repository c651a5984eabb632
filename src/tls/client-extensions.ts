import { isIP } from 'node:net';
import type { ClientHelloOffer } from './client-hello.js';
import { type Extension, EXTENSION_TYPE as TYPE } from './extension.js';
import { GROUP } from './group.js';
import type { KeyShare } from './key-share.js';
import { SIGNATURE_SCHEME as SCHEME } from './signature-scheme.js';
import { concat, uint8, uint16, vector8, vector16 } from './vector.js';
import { versionNumber } from './version.js';

/** The extensions of a ClientHello in the order in which they are sent; none where SSLv3 alone is offered. */
export function clientExtensions(offer: ClientHelloOffer, keyShares: readonly KeyShare[]): Extension[] {
  const given = offer.extensions ?? [];
  const isReplaced = (type: number): boolean => given.some((extension) => extension.type === type);
  const speaksTls = offer.versions.some((version) => version !== 'SSLv3');
  const defaults = speaksTls ? [...helloExtensions(offer), ...tls13Extensions(offer, keyShares)] : [];
  return [...defaults.filter(({ type }) => !offer.omit?.includes(type) && !isReplaced(type)), ...given];
}

/** The name that server_name may carry for a host: none for an address, no dot at the end (RFC 6066 §3). */
export function serverNameOf(host: string): string | null {
  const name = host.replace(/\.$/, '');
  return name === '' || isIP(name) !== 0 || name.includes(':') ? null : name;
}

/** supported_groups where an offer names none: what browsers offer, and the curves that old servers have. */
export const DEFAULT_GROUPS: readonly number[] = [
  GROUP.x25519,
  GROUP.secp256r1,
  GROUP.secp384r1,
  GROUP.secp521r1,
  GROUP.x448,
  GROUP.ffdhe2048,
  GROUP.ffdhe3072,
];

/** signature_algorithms where an offer names none: all that is in use, SHA-1 last. */
export const DEFAULT_SIGNATURE_SCHEMES: readonly number[] = [
  SCHEME.ecdsa_secp256r1_sha256,
  SCHEME.rsa_pss_rsae_sha256,
  SCHEME.rsa_pkcs1_sha256,
  SCHEME.ed25519,
  SCHEME.ecdsa_secp384r1_sha384,
  SCHEME.rsa_pss_rsae_sha384,
  SCHEME.rsa_pkcs1_sha384,
  SCHEME.ecdsa_secp521r1_sha512,
  SCHEME.rsa_pss_rsae_sha512,
  SCHEME.rsa_pkcs1_sha512,
  SCHEME.rsa_pss_pss_sha256,
  SCHEME.rsa_pss_pss_sha384,
  SCHEME.rsa_pss_pss_sha512,
  SCHEME.ed448,
  SCHEME.mldsa44,
  SCHEME.mldsa65,
  SCHEME.mldsa87,
  0x0301, // rsa_sha224
  0x0303, // ecdsa_sha224
  0x0402, // dsa_sha256
  SCHEME.ecdsa_sha1,
  SCHEME.rsa_pkcs1_sha1,
  0x0202, // dsa_sha1
];

function helloExtensions(offer: ClientHelloOffer): Extension[] {
  const serverName = offer.serverName ? serverNameOf(offer.serverName) : null;
  const speaksTwelve = offer.versions.some((version) => version === 'TLSv1.2' || version === 'TLSv1.3');
  return [
    ...(serverName === null ? [] : [{ type: TYPE.serverName, data: serverNameList(serverName) }]),
    { type: TYPE.extendedMasterSecret, data: EMPTY },
    { type: TYPE.renegotiationInfo, data: vector8() },
    { type: TYPE.supportedGroups, data: vector16(...(offer.groups ?? DEFAULT_GROUPS).map(uint16)) },
    { type: TYPE.ecPointFormats, data: vector8(uint8(UNCOMPRESSED)) },
    { type: TYPE.sessionTicket, data: EMPTY },
    ...(offer.alpn?.length ? [{ type: ALPN, data: protocolNameList(offer.alpn) }] : []),
    { type: TYPE.statusRequest, data: concat(uint8(OCSP), vector16(), vector16()) },
    ...(speaksTwelve ? [{ type: TYPE.signatureAlgorithms, data: schemeList(offer) }] : []),
    { type: TYPE.signedCertificateTimestamp, data: EMPTY },
    { type: TYPE.encryptThenMac, data: EMPTY },
  ];
}

/** RFC 8446 §4.2.1, §4.2.8 and §4.2.9. */
function tls13Extensions(offer: ClientHelloOffer, keyShares: readonly KeyShare[]): Extension[] {
  if (!offer.versions.includes('TLSv1.3')) return [];
  const numbers = offer.versions.map(versionNumber).sort((a, b) => b - a);
  const shares = keyShares.map(({ group, keyExchange }) => concat(uint16(group), vector16(keyExchange)));
  return [
    {
      type: TYPE.supportedVersions,
      data: vector8(...[...(offer.extraVersions ?? []), ...numbers].map(uint16)),
    },
    { type: TYPE.pskKeyExchangeModes, data: vector8(uint8(PSK_DHE_KE)) },
    { type: TYPE.keyShare, data: vector16(...shares) },
  ];
}

/** RFC 6066 §3: a ServerNameList with one host_name. */
function serverNameList(name: string): Uint8Array {
  return vector16(uint8(HOST_NAME), vector16(Buffer.from(name, 'utf8')));
}

/** RFC 7301 §3.1 */
function protocolNameList(names: readonly string[]): Uint8Array {
  return vector16(...names.map((name) => vector8(Buffer.from(name, 'latin1'))));
}

function schemeList({ signatureSchemes = DEFAULT_SIGNATURE_SCHEMES }: ClientHelloOffer): Uint8Array {
  return vector16(...signatureSchemes.map(uint16));
}

const ALPN = TYPE.applicationLayerProtocolNegotiation;
const EMPTY = new Uint8Array();
const HOST_NAME = 0;
const UNCOMPRESSED = 0;
const OCSP = 1;
const PSK_DHE_KE = 1;
