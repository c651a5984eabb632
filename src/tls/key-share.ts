import { createECDH, createPublicKey, diffieHellman, type ECDH, generateKeyPairSync } from 'node:crypto';
import { DecodeError } from './byte-reader.js';
import { GROUP, groupName } from './group.js';

/** One KeyShareEntry of ours, RFC 8446 §4.2.8, and the way to the secret that it leads to.
 *  The same serves as ClientECDiffieHellmanPublic in TLS 1.2. */
export interface KeyShare {
  readonly group: number;
  readonly keyExchange: Uint8Array;
  /** The shared secret with the peer's share; a share that is no point of the curve is a DecodeError. */
  readonly agree: (peer: Uint8Array) => Uint8Array;
}

/** A fresh key share; null for a group that we can only ask for. */
export function generateKeyShare(group: number): KeyShare | null {
  const curve = CURVES[group];
  if (curve === undefined) return null;
  return curve.kind === 'montgomery'
    ? montgomeryShare(group, curve.name)
    : weierstrassShare(group, curve.name);
}

/** Every group whose secret we can compute, the usual one first. */
export const AGREEABLE_GROUPS: readonly number[] = [
  GROUP.x25519,
  GROUP.secp256r1,
  GROUP.secp384r1,
  GROUP.secp521r1,
  GROUP.x448,
];

/** RFC 7748: the public key is the last octets of its SubjectPublicKeyInfo. */
function montgomeryShare(group: number, name: 'x25519' | 'x448'): KeyShare {
  const { publicKey, privateKey } =
    name === 'x25519' ? generateKeyPairSync('x25519') : generateKeyPairSync('x448');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const prefix = spki.subarray(0, SPKI_PREFIX_BYTES);
  const agree = (peer: Uint8Array): Uint8Array => {
    const encoded = Buffer.concat([prefix, peer]);
    return agreed(group, () =>
      diffieHellman({
        privateKey,
        publicKey: createPublicKey({ key: encoded, type: 'spki', format: 'der' }),
      }),
    );
  };
  return { group, keyExchange: spki.subarray(SPKI_PREFIX_BYTES), agree };
}

function weierstrassShare(group: number, name: string): KeyShare {
  const ecdh: ECDH = createECDH(name);
  const keyExchange = ecdh.generateKeys();
  return { group, keyExchange, agree: (peer) => agreed(group, () => ecdh.computeSecret(peer)) };
}

function agreed(group: number, compute: () => Uint8Array): Uint8Array {
  try {
    return compute();
  } catch {
    throw new DecodeError(`key share is no point of ${groupName(group)}`);
  }
}

const SPKI_PREFIX_BYTES = 12;

type Curve =
  | { readonly kind: 'montgomery'; readonly name: 'x25519' | 'x448' }
  | { readonly kind: 'weierstrass'; readonly name: string };

const CURVES: Readonly<Record<number, Curve>> = {
  [GROUP.x25519]: { kind: 'montgomery', name: 'x25519' },
  [GROUP.x448]: { kind: 'montgomery', name: 'x448' },
  [GROUP.secp256r1]: { kind: 'weierstrass', name: 'prime256v1' },
  [GROUP.secp384r1]: { kind: 'weierstrass', name: 'secp384r1' },
  [GROUP.secp521r1]: { kind: 'weierstrass', name: 'secp521r1' },
};
