import { PROFILES, profileExtensions } from '../ca/profiles.js';
import { freshSerialNumber } from '../ca/sign-certificate.js';
import { type GeneratedKey, generateKey } from '../keys/generate-key.js';
import type { KeyType } from '../keys/key-type.js';
import { type Signer, signerOfPkcs8 } from '../keys/signer.js';
import {
  type Certificate,
  encodeTbsCertificate,
  parseCertificate,
  type Validity,
} from '../x509/certificate.js';
import type { Extension } from '../x509/extension.js';
import { authorityKeyIdentifier } from '../x509/extensions/authority-key-identifier.js';
import { subjectKeyIdentifier, subjectKeyIdentifierOf } from '../x509/extensions/subject-key-identifier.js';
import { keyIdentifierOf } from '../x509/fingerprint.js';
import { commonNameOnly } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { encodeSigned } from '../x509/signed.js';
import { describeKey } from '../x509/subject-public-key-info.js';
import type { CredentialContext, MintingAuthority, MintingCa, Twin } from './credential.js';
import { mint } from './mint.js';

/** A CA between the root and a leaf, made for a proof alone; nobody keeps its key. */
export interface Intermediate {
  readonly parsed: Certificate;
  readonly role: string;
  readonly signer: Signer;
  /** What a client sends above its leaf: this one, then those above it, without the root. */
  readonly chain: readonly Uint8Array[];
}

/** In what an intermediate differs from a faultless one. */
export interface IntermediateDeviation {
  readonly validity?: Validity;
  readonly serialNumber?: bigint;
  /** 0 by default: no CA may follow. */
  readonly pathLenConstraint?: number;
  /** Extensions to leave out, by object identifier. */
  readonly without?: readonly string[];
  readonly instead?: readonly Extension[];
  /** Who issues it instead of the root. */
  readonly above?: Intermediate;
}

/** A CA that the root, or the single CA, signs: the faults of issuers are tried by it. */
export async function makeIntermediate(
  { authority, validity }: CredentialContext,
  deviation: IntermediateDeviation = {},
): Promise<Intermediate> {
  const top = authority.root ?? authority.issuing;
  const issuer = deviation.above ?? { parsed: top.parsed, signer: await authority.signer(top), chain: [] };
  const key = await intermediateKey(authority);
  const serialNumber = deviation.serialNumber ?? freshSerialNumber();
  const { signatureAlgorithm } = issuer.signer;
  const tbs = encodeTbsCertificate(
    {
      serialNumber,
      issuer: issuer.parsed.subject,
      validity: deviation.validity ?? validity,
      subject: commonNameOnly(`sslapi-probe CA ${serialNumberHex(freshSerialNumber()).slice(0, 16)}`),
      subjectPublicKeyInfo: key.subjectPublicKeyInfo,
      extensions: extensionsOf(key, issuer.parsed, deviation),
    },
    signatureAlgorithm,
  );
  const der = encodeSigned(tbs, signatureAlgorithm, await issuer.signer.sign(tbs));
  const signer = signerOfPkcs8(key.pkcs8, key.subjectPublicKeyInfo);
  return { parsed: parseCertificate(der), role: 'probe', signer, chain: [der, ...issuer.chain] };
}

/** A server that checks CRLs needs one of every CA in the path. */
export const NO_CRL = 'no CRL for a fresh intermediate';

/** The faultless side of everything that an intermediate may be refused for. */
export const FRESH_INTERMEDIATE: Twin = {
  id: 'fresh-intermediate',
  mayBeRefusedFor: NO_CRL,
  make: async (context) => mint(context, { intermediate: await makeIntermediate(context) }),
};

/** A key of the kind that a CA of ours has, so that signatures are of the algorithm that a server expects; RSA no longer than
 *  it takes, for a long key is slow to make. */
export function keyTypeLike({ parsed }: Pick<MintingCa, 'parsed'>): KeyType {
  const kind = describeKey(parsed.subjectPublicKeyInfo);
  if (kind.startsWith('rsa-')) return 'rsa-2048';
  return kind === 'ec-p384' || kind === 'ed25519' ? kind : 'ec-p256';
}

function extensionsOf(
  key: GeneratedKey,
  issuer: Certificate,
  { pathLenConstraint = 0, without = [], instead = [] }: IntermediateDeviation,
): Extension[] {
  const above = subjectKeyIdentifierOf(issuer) ?? keyIdentifierOf(issuer.subjectPublicKeyInfo.der);
  const usual = [
    ...profileExtensions({ ...PROFILES.issuing, pathLenConstraint }, key.keyType),
    subjectKeyIdentifier(keyIdentifierOf(key.subjectPublicKeyInfo)),
    authorityKeyIdentifier(above),
  ];
  const replaced = new Set([...without, ...instead.map(({ oid }) => oid)]);
  return [...usual.filter(({ oid }) => !replaced.has(oid)), ...instead];
}

/** The key that intermediates of an authority were made with; null where none has been. */
export function madeIntermediateKey(authority: MintingAuthority): Promise<GeneratedKey | null> {
  return keys.get(authority) ?? Promise.resolve(null);
}

/** One key does for all intermediates of an authority: it is their certificates that are tried. */
function intermediateKey(authority: MintingAuthority): Promise<GeneratedKey> {
  const key = keys.get(authority) ?? generateKey(keyTypeLike(authority.root ?? authority.issuing));
  keys.set(authority, key);
  return key;
}

const keys = new WeakMap<MintingAuthority, Promise<GeneratedKey>>();
