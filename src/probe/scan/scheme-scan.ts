import { GROUP } from '../../tls/group.js';
import { generateKeyShare } from '../../tls/key-share.js';
import { knownSignatureSchemes, SIGNATURE_SCHEME } from '../../tls/signature-scheme.js';
import type { Offered } from '../scan.js';
import type { Hellos } from './hellos.js';
import { leafKeyType } from './leaf-key.js';
import type { Manner } from './manner.js';
import { ANY_CERTIFICATE_SIGNATURE, mainstreamSuitesOf, SIGNING_SUITES, suitesOffer } from './offers.js';
import { type Chosen, takenOf, together } from './taken.js';

/** The schemes that a server signs with: those that it is likely to one by one, all others in one hello, for OpenSSL's servers
 *  log each refusal of this kind as critical.
 *  @param leaf the server's certificate */
export async function signatureSchemes(
  hellos: Hellos,
  servername: string | null,
  version: 'TLSv1.2' | 'TLSv1.3',
  leaf: Uint8Array | null,
  manner: Manner,
): Promise<Offered> {
  const choose = version === 'TLSv1.3' ? by13(hellos, servername) : by12(hellos, servername);
  const schemes = knownSignatureSchemes();
  const likely = manner === 'wide' ? likelySchemes(leafKeyType(leaf), version) : [];
  const others = schemes.filter((scheme) => !likely.includes(scheme));
  const steps = manner === 'wide' ? [others.length, 4, 1] : [others.length];
  const parts = [takenOf(likely, [1], choose), takenOf(others, steps, choose)];
  const { ids, incomplete } = together(await Promise.all(parts));
  return { ids, incomplete };
}

type Choose = (schemes: readonly number[]) => Promise<Chosen>;

/** TLS 1.2: the scheme of the ServerKeyExchange. */
function by12(hellos: Hellos, servername: string | null): Choose {
  const offer = suitesOffer(servername, 'TLSv1.2', SIGNING_SUITES);
  return async (schemes) => {
    const answer = await hellos.ask({ ...offer, ...asking(schemes) });
    if (answer.kind === 'refused') return 'none';
    if (answer.kind === 'untold') return answer;
    return signedWith(schemes, answer.outcome.flight.serverKeyExchange?.signatureScheme ?? null);
  };
}

/** TLS 1.3: the scheme of the CertificateVerify. One key share serves all, for none of the secrets is kept. */
function by13(hellos: Hellos, servername: string | null): Choose {
  const share = generateKeyShare(GROUP.x25519);
  const keyShares = share === null ? [] : [share];
  const offer = { ...suitesOffer(servername, 'TLSv1.3', mainstreamSuitesOf('TLSv1.3')), keyShares };
  const { groups: _every, ...usual } = offer;
  return async (schemes) => {
    const answer = await hellos.ask({ ...usual, ...asking(schemes) });
    if (answer.kind === 'refused') return 'none';
    if (answer.kind === 'untold') return answer;
    const { certificateVerifyScheme, ended } = answer.outcome.flight;
    if (certificateVerifyScheme !== null) return signedWith(schemes, certificateVerifyScheme);
    return ended.kind === 'alert' ? 'none' : { why: 'the flight of the server could not be read' };
  };
}

/** A server that signs with what was not offered does so whatever is asked: that tells nothing of what was. */
function signedWith(schemes: readonly number[], scheme: number | null): Chosen {
  return scheme !== null && schemes.includes(scheme) ? scheme : 'none';
}

function asking(signatureSchemes: readonly number[]) {
  return { signatureSchemes, extensions: [ANY_CERTIFICATE_SIGNATURE] };
}

/** What a server with such a key signs with, unless it was told not to. */
function likelySchemes(keyType: string, version: 'TLSv1.2' | 'TLSv1.3'): readonly number[] {
  const [, in12 = [], in13 = []] = LIKELY.find(([key]) => keyType.startsWith(key)) ?? [];
  return version === 'TLSv1.3' ? in13 : in12;
}

const {
  ecdsa_secp256r1_sha256,
  ecdsa_secp384r1_sha384,
  ecdsa_secp521r1_sha512,
  ecdsa_sha1,
  ed25519,
  ed448,
  rsa_pkcs1_sha1,
  rsa_pkcs1_sha256,
  rsa_pkcs1_sha384,
  rsa_pkcs1_sha512,
  rsa_pss_pss_sha256,
  rsa_pss_pss_sha384,
  rsa_pss_pss_sha512,
  rsa_pss_rsae_sha256,
  rsa_pss_rsae_sha384,
  rsa_pss_rsae_sha512,
} = SIGNATURE_SCHEME;
/** The pairs of TLS 1.2 with SHA-224, which RFC 8446 left out. */
const [RSA_SHA224, ECDSA_SHA224] = [0x0301, 0x0303];
const PSS = [rsa_pss_pss_sha256, rsa_pss_pss_sha384, rsa_pss_pss_sha512];
const RSAE = [rsa_pss_rsae_sha256, rsa_pss_rsae_sha384, rsa_pss_rsae_sha512];
const PKCS1 = [rsa_pkcs1_sha256, rsa_pkcs1_sha384, rsa_pkcs1_sha512, RSA_SHA224, rsa_pkcs1_sha1];
const ECDSA = [
  ecdsa_secp256r1_sha256,
  ecdsa_secp384r1_sha384,
  ecdsa_secp521r1_sha512,
  ECDSA_SHA224,
  ecdsa_sha1,
];
/** By the kind of key, for TLS 1.2 and for TLS 1.3, which has a scheme for each curve and none of PKCS #1. */
const LIKELY: ReadonlyArray<readonly [key: string, in12: readonly number[], in13: readonly number[]]> = [
  ['rsa-pss-', PSS, PSS],
  ['rsa-', [...PKCS1, ...RSAE], RSAE],
  ['ec-p256', ECDSA, [ecdsa_secp256r1_sha256]],
  ['ec-p384', ECDSA, [ecdsa_secp384r1_sha384]],
  ['ec-p521', ECDSA, [ecdsa_secp521r1_sha512]],
  ['ec-', ECDSA, []],
  ['ed25519', [ed25519], [ed25519]],
  ['ed448', [ed448], [ed448]],
];
