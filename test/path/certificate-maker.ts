import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { algorithmIdentifier } from '../../src/x509/algorithm-identifier.js';
import { type Certificate, encodeTbsCertificate, parseCertificate } from '../../src/x509/certificate.js';
import { encodeTbsCertList, type TbsCertListFields } from '../../src/x509/certificate-list.js';
import { DerReader, sequence, TAG } from '../../src/x509/der.js';
import type { Extension } from '../../src/x509/extension.js';
import { authorityKeyIdentifier } from '../../src/x509/extensions/authority-key-identifier.js';
import { basicConstraints } from '../../src/x509/extensions/basic-constraints.js';
import { crlNumber } from '../../src/x509/extensions/crl-number.js';
import { extKeyUsage } from '../../src/x509/extensions/ext-key-usage.js';
import { type KeyUsage, keyUsage } from '../../src/x509/extensions/key-usage.js';
import { subjectAltName } from '../../src/x509/extensions/subject-alt-name.js';
import { subjectKeyIdentifier } from '../../src/x509/extensions/subject-key-identifier.js';
import { keyIdentifierOf } from '../../src/x509/fingerprint.js';
import { parseGeneralName } from '../../src/x509/general-name.js';
import { type Name, parseName } from '../../src/x509/name.js';
import { OID } from '../../src/x509/oid.js';
import { encodePem } from '../../src/x509/pem.js';
import { encodeSigned } from '../../src/x509/signed.js';

/** A certificate made for a test, with the key that it is for. */
export interface Made {
  readonly der: Uint8Array;
  readonly pem: string;
  readonly certificate: Certificate;
  readonly key: TestKey;
}

export interface TestKey {
  readonly privateKey: KeyObject;
  readonly subjectPublicKeyInfo: Uint8Array;
}

export interface Wish {
  readonly subject?: string;
  /** Who signs; itself where absent. */
  readonly issuer?: Made;
  /** The name of the issuer, where it shall not be that of `issuer`. */
  readonly issuerName?: Name;
  readonly key?: TestKey;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly serialNumber?: bigint;
  /** All extensions, instead of the usual ones. */
  readonly extensions?: readonly Extension[];
  /** Beside the usual ones, replacing those of the same kind. */
  readonly more?: readonly Extension[];
  /** Kinds to leave out of the usual ones. */
  readonly without?: readonly string[];
  /** The digest to sign with. */
  readonly digest?: 'sha1' | 'sha256' | 'sha384';
}

/** The moment around which everything here is valid. */
export const NOW = new Date('2026-06-01T12:00:00Z');
const YEAR = 365 * 86_400_000;

export function makeKey(curve = 'prime256v1'): TestKey {
  return asTestKey(generateKeyPairSync('ec', { namedCurve: curve }));
}

export function makeRsaKey(modulusLength = 2048): TestKey {
  return asTestKey(generateKeyPairSync('rsa', { modulusLength }));
}

export function makeEd25519Key(): TestKey {
  return asTestKey(generateKeyPairSync('ed25519'));
}

export function asTestKey({
  publicKey,
  privateKey,
}: {
  publicKey: KeyObject;
  privateKey: KeyObject;
}): TestKey {
  return {
    privateKey,
    subjectPublicKeyInfo: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
  };
}

/** A CA: self-signed without an issuer. */
export function makeCa(subject: string, wish: Wish & { readonly pathLength?: number } = {}): Made {
  const { pathLength } = wish;
  const usual = [
    basicConstraints(pathLength === undefined ? { ca: true } : { ca: true, pathLenConstraint: pathLength }),
    keyUsage(['keyCertSign', 'cRLSign']),
  ];
  return make({ subject, ...wish }, usual);
}

/** A certificate for a host, serverAuth and clientAuth. */
export function makeLeaf(issuer: Made, host: string, wish: Wish = {}): Made {
  const usages: KeyUsage[] = ['digitalSignature'];
  const usual = [
    keyUsage(usages),
    extKeyUsage([OID.serverAuth, OID.clientAuth]),
    subjectAltName([parseGeneralName(host)]),
  ];
  return make({ subject: 'CN=a leaf', issuer, ...wish }, usual);
}

/** A certificate of whatever is wished. */
export function make(wish: Wish, usual: readonly Extension[] = []): Made {
  const key = wish.key ?? makeKey();
  const signer = wish.issuer?.key ?? key;
  const subject = parseName(wish.subject ?? '');
  const algorithm = signatureOf(signer, wish.digest);
  const tbs = encodeTbsCertificate(
    {
      serialNumber: wish.serialNumber ?? serialOf(key.subjectPublicKeyInfo),
      issuer: wish.issuerName ?? wish.issuer?.certificate.subject ?? subject,
      validity: {
        notBefore: wish.notBefore ?? new Date(NOW.getTime() - YEAR),
        notAfter: wish.notAfter ?? new Date(NOW.getTime() + YEAR),
      },
      subject,
      subjectPublicKeyInfo: key.subjectPublicKeyInfo,
      extensions: wish.extensions ?? extensionsOf(wish, key, signer, usual),
    },
    algorithm.identifier,
  );
  return madeOf(encodeSigned(tbs, algorithm.identifier, sign(algorithm.digest, tbs, signer.privateKey)), key);
}

/** A certificate whose signed part is rewritten, element by element, and signed again. */
export function remake(made: Made, issuer: Made, edit: EditTbs): Made {
  return madeOf(remakeDer(made, issuer, edit), made.key);
}

/** The same in DER, however little it is a certificate any more. */
export function remakeDer({ certificate }: Made, issuer: Made, edit: EditTbs): Uint8Array {
  const tbs = sequence(...edit(elementsOf(certificate.tbs)));
  const { identifier, digest } = signatureOf(issuer.key);
  return encodeSigned(tbs, identifier, sign(digest, tbs, issuer.key.privateKey));
}

/** Gets the encoded elements of TBSCertificate and gives those to be signed. */
export type EditTbs = (parts: Uint8Array[]) => readonly Uint8Array[];

/** The certificate of that encoding, for that key. */
export function madeOf(der: Uint8Array, key: TestKey): Made {
  return { der, pem: encodePem('CERTIFICATE', der), certificate: parseCertificate(der), key };
}

export interface CrlWish extends Partial<TbsCertListFields> {
  readonly number?: bigint;
  readonly more?: readonly Extension[];
  readonly key?: TestKey;
  readonly digest?: 'sha1' | 'sha256';
  /** Rewrites the signed part, element by element. */
  readonly edit?: EditTbs;
}

/** A CRL of a CA, in DER. */
export function makeCrl(issuer: Made, wish: CrlWish = {}): Uint8Array {
  const signer = wish.key ?? issuer.key;
  const { identifier, digest } = signatureOf(signer, wish.digest);
  const fields = encodeTbsCertList(
    {
      issuer: wish.issuer ?? issuer.certificate.subject,
      thisUpdate: wish.thisUpdate ?? new Date(NOW.getTime() - 86_400_000),
      nextUpdate: wish.nextUpdate ?? new Date(NOW.getTime() + 86_400_000),
      revokedCertificates: wish.revokedCertificates ?? [],
      extensions: wish.extensions ?? [
        authorityKeyIdentifier(keyIdentifierOf(signer.subjectPublicKeyInfo)),
        crlNumber(wish.number ?? 1n),
        ...(wish.more ?? []),
      ],
    },
    identifier,
  );
  const tbs = wish.edit === undefined ? fields : sequence(...wish.edit(elementsOf(fields)));
  return encodeSigned(tbs, identifier, sign(digest, tbs, signer.privateKey));
}

/** The encoded elements of a SEQUENCE. */
function elementsOf(encoded: Uint8Array): Uint8Array[] {
  const reader = new DerReader(encoded).enter(TAG.sequence);
  const parts: Uint8Array[] = [];
  while (!reader.done) parts.push(reader.element());
  return parts;
}

function extensionsOf(
  { more = [], without = [] }: Wish,
  key: TestKey,
  signer: TestKey,
  usual: readonly Extension[],
): Extension[] {
  const identifiers = [
    subjectKeyIdentifier(keyIdentifierOf(key.subjectPublicKeyInfo)),
    authorityKeyIdentifier(keyIdentifierOf(signer.subjectPublicKeyInfo)),
  ];
  const kept = [...usual, ...identifiers].filter(
    ({ oid }) => !without.includes(oid) && !more.some((other) => other.oid === oid),
  );
  return [...kept, ...more];
}

/** The same key, the same serial number: tests repeat themselves. */
function serialOf(subjectPublicKeyInfo: Uint8Array): bigint {
  return BigInt(`0x40${createHash('sha256').update(subjectPublicKeyInfo).digest('hex').slice(0, 30)}`);
}

function signatureOf(
  { privateKey }: TestKey,
  digest: 'sha1' | 'sha256' | 'sha384' = 'sha256',
): { identifier: Uint8Array; digest: string | null } {
  switch (privateKey.asymmetricKeyType) {
    case 'rsa':
      return { identifier: algorithmIdentifier(RSA[digest], 'null'), digest };
    case 'ed25519':
      return { identifier: algorithmIdentifier(OID.ed25519, 'absent'), digest: null };
    default:
      return { identifier: algorithmIdentifier(ECDSA[digest], 'absent'), digest };
  }
}

const RSA = {
  sha1: OID.sha1WithRSAEncryption,
  sha256: OID.sha256WithRSAEncryption,
  sha384: OID.sha384WithRSAEncryption,
};
const ECDSA = { sha1: OID.ecdsaWithSHA1, sha256: OID.ecdsaWithSHA256, sha384: OID.ecdsaWithSHA384 };
