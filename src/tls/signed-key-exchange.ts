import {
  createPrivateKey,
  generateKeyPairSync,
  generatePrimeSync,
  type KeyObject,
  randomBytes,
  sign,
} from 'node:crypto';
import type { CipherSuite } from './cipher-suite.js';
import { chosenScheme, clientCredential } from './client-credential.js';
import { GROUP } from './group.js';
import { generateKeyShare } from './key-share.js';
import type { ReceivedHello } from './received-hello.js';
import { SIGNATURE_SCHEME as SCHEME } from './signature-scheme.js';
import { concat, uint8, uint16, vector8, vector16 } from './vector.js';
import type { TlsVersion } from './version.js';

/** What a ServerKeyExchange is made of and signed with. */
export interface KeyExchangeWish {
  readonly suite: CipherSuite;
  readonly version: TlsVersion;
  readonly hello: ReceivedHello;
  readonly serverRandom: Uint8Array;
  /** Of the server's certificate, PKCS#8 in PEM. */
  readonly privateKey: string;
  /** A temporary RSA key goes out even where the suite has none. */
  readonly alwaysRsa?: boolean;
}

/** The body of a ServerKeyExchange, RFC 8422 §5.4, RFC 5246 §7.4.3, RFC 2246 §7.4.3: ECDHE on a curve that the client knows,
 *  a prime or an RSA key of 512 bits, as in the days of EXPORT; null for a suite that has none. Nobody keeps its secret. */
export async function signedKeyExchange(wish: KeyExchangeWish): Promise<Uint8Array | null> {
  const parameters = parametersOf(wish);
  if (parameters === null) return null;
  const signed = concat(wish.hello.random, wish.serverRandom, parameters);
  return concat(parameters, await signatureOn(signed, wish));
}

function parametersOf({ suite, hello, alwaysRsa = false }: KeyExchangeWish): Uint8Array | null {
  if (suite.keyExchange === 'ECDHE') return curveParameters(hello);
  if (suite.keyExchange === 'DHE') return shortDhParameters();
  return suite.keyExchange === 'RSA' && (suite.export || alwaysRsa) ? shortRsaParameters() : null;
}

function curveParameters({ groups }: ReceivedHello): Uint8Array {
  const group = [GROUP.x25519, GROUP.secp256r1].find((one) => groups?.includes(one)) ?? GROUP.secp256r1;
  return concat(uint8(NAMED_CURVE), uint16(group), vector8(generateKeyShare(group)!.keyExchange));
}

function shortDhParameters(): Uint8Array {
  shortPrime ??= new Uint8Array(generatePrimeSync(SHORT_BITS));
  const publicValue = randomBytes(shortPrime.length - 1); // below the prime; of what power, nobody needs to know
  return concat(vector16(shortPrime), vector16(uint8(2)), vector16(publicValue));
}

function shortRsaParameters(): Uint8Array {
  shortKey ??= generateKeyPairSync('rsa', { modulusLength: SHORT_BITS }).publicKey;
  const { n = '', e = '' } = shortKey.export({ format: 'jwk' });
  return concat(vector16(Buffer.from(n, 'base64url')), vector16(Buffer.from(e, 'base64url')));
}

async function signatureOn(
  content: Uint8Array,
  { version, hello, privateKey }: KeyExchangeWish,
): Promise<Uint8Array> {
  const key = createPrivateKey(privateKey);
  if (version !== 'TLSv1.2') return vector16(sign('md5-sha1', content, key)); // RFC 2246 §7.4.3
  const credential = clientCredential([], key);
  const scheme = chosenScheme(credential, strongOf(hello));
  return concat(uint16(scheme), vector16(await credential.sign(content, scheme)));
}

/** Whether the client takes a signature of TLS 1.2 that is not over SHA-1: no other is made here. */
export function takesStrongSignature(hello: ReceivedHello): boolean {
  return strongOf(hello).some((scheme) => RSA_SCHEMES.has(scheme));
}

function strongOf({ signatureSchemes }: ReceivedHello): readonly number[] {
  return (signatureSchemes ?? []).filter((scheme) => scheme !== SCHEME.rsa_pkcs1_sha1);
}

let shortPrime: Uint8Array | undefined;
let shortKey: KeyObject | undefined;
const SHORT_BITS = 512;
const RSA_SCHEMES: ReadonlySet<number> = new Set([
  ...[SCHEME.rsa_pss_rsae_sha256, SCHEME.rsa_pss_rsae_sha384],
  ...[SCHEME.rsa_pkcs1_sha256, SCHEME.rsa_pkcs1_sha384, SCHEME.rsa_pkcs1_sha512],
]);
const NAMED_CURVE = 3;
