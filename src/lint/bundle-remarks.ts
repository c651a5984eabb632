import { verifySignature } from '../keys/verify-signature.js';
import { type Certificate, isSelfIssued } from '../x509/certificate.js';
import { sameBytes } from '../x509/der.js';
import { keyIdentifierOf } from '../x509/fingerprint.js';
import { formatName, sameName } from '../x509/name.js';
import type { Pkcs12Protection } from '../x509/pkcs12-protection.js';
import { isoSeconds } from '../x509/whole-seconds.js';

/** A sentence on how things fit together, or why they do not. */
export interface Remark {
  readonly ok: boolean;
  readonly text: string;
}

/** A certificate or a key, with the number that it is shown under, from 1. */
export interface Numbered<T> {
  readonly number: number;
  readonly value: T;
}

/** What of a bundle is to be held together. */
export interface BundleParts {
  readonly certificates: ReadonlyArray<Numbered<Certificate>>;
  /** SHA-1 of the public bits of each private key that could be opened, hex. */
  readonly keyIdentifiers: ReadonlyArray<Numbered<string>>;
}

/** Tells whether keys belong to certificates, and whether certificates stand in the order in which they are sent:
 *  the leaf first, then each one's issuer (RFC 8446 §4.4.2). */
export function bundleRemarks({ certificates, keyIdentifiers }: BundleParts): Remark[] {
  return [
    ...keyIdentifiers.flatMap((key) => keyRemark(key, certificates)),
    ...certificates.flatMap((one, at) => sameRemark(one, certificates.slice(0, at))),
    ...chainRemarks(distinct(certificates)),
  ];
}

/** What readers will say to the encryption of a PKCS#12 file. */
export function protectionRemarks({ encryption, mac }: Pkcs12Protection): Remark[] {
  const of = (pattern: RegExp): string | undefined => encryption.find((one) => pattern.test(one));
  const broken = of(/^RC[24]/);
  if (broken !== undefined) return [bad(`${broken} can be broken, and OpenSSL 3 opens it only with -legacy`)];
  if (of(/^3DES/))
    return [
      good('3DES is weak, but all readers of old know it; where AES can be read, --format p12 is stronger'),
    ];
  if (encryption.length === 0) return [bad('nothing in it is encrypted')];
  if (mac === null) return [bad('it has no MAC: nobody can tell whether it was changed')];
  return [good('macOS, Android up to 12 and Windows Server 2016 and older call the password of AES wrong')];
}

function keyRemark({ number, value }: Numbered<string>, certificates: BundleParts['certificates']): Remark[] {
  if (certificates.length === 0) return [];
  const owner = certificates.find(
    ({ value: { subjectPublicKeyInfo } }) => hexKeyIdentifier(subjectPublicKeyInfo.der) === value,
  );
  return owner === undefined
    ? [bad(`the private key (${number}.) belongs to none of the certificates here`)]
    : [good(`the private key (${number}.) is that of ${told(owner)}`)];
}

function sameRemark(one: Numbered<Certificate>, earlier: BundleParts['certificates']): Remark[] {
  const twin = earlier.find(({ value }) => sameBytes(value.der, one.value.der));
  return twin === undefined ? [] : [bad(`${one.number}. is the same certificate as ${twin.number}.`)];
}

/** Only of what begins with a leaf: a bundle of roots is in no order. */
function chainRemarks(chain: BundleParts['certificates']): Remark[] {
  const leaf = chain.find(({ value }) => !isIssuerOfAny(value, chain));
  if (chain.length < 2 || leaf === undefined) return [];
  const remarks: Remark[] = [];
  const used = new Set([leaf]);
  let at = leaf;
  for (;;) {
    const issuer = chain.find((one) => !used.has(one) && sameName(one.value.subject, at.value.issuer));
    if (issuer === undefined) break;
    remarks.push(...linkRemarks(at, issuer));
    used.add(issuer);
    at = issuer;
  }
  if (used.size === 1 && chain.every(({ value }) => isSelfIssued(value))) return [];
  const order = [...used].map(({ number }) => number);
  if (order.some((number, place) => place > 0 && number < order[place - 1]!))
    remarks.push(bad(`the order is wrong: each has to stand before its issuer, so ${order.join('., ')}.`));
  for (const one of chain)
    if (!used.has(one)) remarks.push(bad(`${told(one)} is no issuer of ${told(leaf)}`));
  if (!isSelfIssued(at.value))
    remarks.push(good(`the issuer of ${told(at)} is not here: ${formatName(at.value.issuer)}`));
  return remarks;
}

/** The name of the issuer fits; so must its key, and its time. */
function linkRemarks(subject: Numbered<Certificate>, issuer: Numbered<Certificate>): Remark[] {
  const { signatureAlgorithm: algorithm, tbs: data, signatureValue: signature, validity } = subject.value;
  const { subjectPublicKeyInfo } = issuer.value;
  if (verifySignature({ subjectPublicKeyInfo, algorithm, data, signature }) !== 'valid')
    return [
      bad(`${told(subject)} has the name of ${issuer.number}. as its issuer, but was not signed by its key`),
    ];
  const end = issuer.value.validity.notAfter;
  if (end >= validity.notAfter) return [];
  return [bad(`${told(issuer)} ends on ${isoSeconds(end)}, before ${subject.number}. that it issued`)];
}

function isIssuerOfAny(one: Certificate, chain: BundleParts['certificates']): boolean {
  return chain.some(({ value }) => value !== one && sameName(value.issuer, one.subject));
}

function distinct(certificates: BundleParts['certificates']): BundleParts['certificates'] {
  return certificates.filter((one, at) => sameRemark(one, certificates.slice(0, at)).length === 0);
}

function hexKeyIdentifier(subjectPublicKeyInfo: Uint8Array): string {
  return Buffer.from(keyIdentifierOf(subjectPublicKeyInfo)).toString('hex');
}

function told({ number, value }: Numbered<Certificate>): string {
  return `${number}. (${formatName(value.subject) || 'no name'})`;
}

function good(text: string): Remark {
  return { ok: true, text };
}

function bad(text: string): Remark {
  return { ok: false, text };
}
