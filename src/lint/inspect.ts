import { SslapiError } from '../errors.js';
import type { Passphrase } from '../keys/passphrase.js';
import { isOfOldCipher } from '../keys/private-key.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { parseCertificateList } from '../x509/certificate-list.js';
import { parseCertificateRequest } from '../x509/certificate-request.js';
import { DerError } from '../x509/der.js';
import { type CertificateDescription, describeCertificate } from '../x509/describe-certificate.js';
import {
  type CertificateListDescription,
  describeCertificateList,
} from '../x509/describe-certificate-list.js';
import { describeOcspResponse, type OcspDescription } from '../x509/describe-ocsp-response.js';
import { describeRequest, type RequestDescription } from '../x509/describe-request.js';
import { parseOcspResponse } from '../x509/ocsp-response.js';
import { readPkcs7 } from '../x509/pkcs7.js';
import { pkcs12Protection } from '../x509/pkcs12-protection.js';
import { type RecognisedItem, recognise } from '../x509/recognise.js';
import { bundleRemarks, protectionRemarks, type Remark } from './bundle-remarks.js';
import { type InspectedKey, inspectPrivateKey, inspectPublicKey } from './inspect-key.js';
import { type LintReport, lintFindings } from './lint-certificate.js';
import { openPkcs12 } from './open-pkcs12.js';
import { checkSelfSigned, requestFindings } from './request-findings.js';

/** One thing of a file, told for reviewers; `findings` has the lints that it breaks. */
export type Inspected =
  | ({
      readonly kind: 'certificate';
      readonly selfSigned: boolean;
      readonly findings: readonly LintReport[];
    } & CertificateDescription)
  | ({
      readonly kind: 'certificate-request';
      readonly signatureValid: boolean;
      readonly findings: readonly LintReport[];
    } & RequestDescription)
  | ({ readonly kind: 'certificate-list' } & CertificateListDescription)
  | ({ readonly kind: 'ocsp-response' } & OcspDescription)
  | InspectedKey
  | Pkcs12Container
  | Malformed;

/** A PKCS#12 file: opened, its contents follow it. */
export interface Pkcs12Container {
  readonly kind: 'pkcs12';
  readonly opened: boolean;
  readonly friendlyNames: readonly string[];
  /** The ciphers in it, and the digest of its MAC. */
  readonly encryption: readonly string[];
  readonly mac: string | null;
}

/** What can be told for what it is, but breaks DER's rules or its own syntax. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly what: RecognisedItem['kind'];
  readonly message: string;
}

/** All that was found in a file. */
export interface Inspection {
  readonly encoding: 'pem' | 'der' | 'base64';
  readonly items: readonly Inspected[];
  readonly passedOver: readonly string[];
  /** How its parts fit together, or why they do not. */
  readonly remarks: readonly Remark[];
}

export interface InspectOptions {
  /** How the file is called in errors. */
  readonly name: string;
  /** The moment that "expired" is told by; the caller owns the clock. */
  readonly now: Date;
  /** Opens encrypted keys and PKCS#12; without it they are told from outside. */
  readonly passphrase?: Passphrase;
}

/** Tells what octets are and what they say, by content alone.
 *  @throws SslapiError ERR_INPUT_NOT_RECOGNISED, ERR_INPUT_TOO_LARGE, ERR_PASSWORD_WRONG */
export async function inspect(bytes: Uint8Array, options: InspectOptions): Promise<Inspection> {
  const { encoding, items, passedOver } = recognise(bytes, options.name);
  const told: Told[] = [];
  for (const item of items) {
    checkSize(item, options.name);
    told.push(...(await inspectItem(item, options)));
  }
  return { encoding, items: told.map(({ inspected }) => inspected), passedOver, remarks: remarksOf(told) };
}

/** What is said of a thing, and its octets where they are to be held against others. */
interface Told {
  readonly inspected: Inspected;
  readonly certificate?: Certificate;
}

function remarksOf(told: readonly Told[]): Remark[] {
  const numbered = told.map((one, at) => ({ ...one, number: at + 1 }));
  const protections = told.flatMap(({ inspected }) => (inspected.kind === 'pkcs12' ? [inspected] : []));
  return [
    ...protections.flatMap(protectionRemarks),
    ...bundleRemarks({
      certificates: numbered.flatMap(({ number, certificate }) =>
        certificate === undefined ? [] : [{ number, value: certificate }],
      ),
      keyIdentifiers: numbered.flatMap(({ number, inspected }) =>
        inspected.kind === 'private-key' && inspected.keyIdentifier !== null
          ? [{ number, value: inspected.keyIdentifier }]
          : [],
      ),
    }),
  ];
}

async function inspectItem(item: RecognisedItem, options: InspectOptions): Promise<Told[]> {
  try {
    return await inspectWhole(item, options);
  } catch (error) {
    if (!(error instanceof DerError) && !isUnreadableKey(error)) throw error;
    return [{ inspected: { kind: 'malformed', what: item.kind, message: error.message } }];
  }
}

/** One that is encrypted in a way that we do not know may be whole. */
function isUnreadableKey(error: unknown): error is SslapiError {
  return error instanceof SslapiError && error.code === 'ERR_KEY_UNREADABLE' && !isOfOldCipher(error);
}

async function inspectWhole(item: RecognisedItem, options: InspectOptions): Promise<Told[]> {
  const { kind, der } = item;
  switch (kind) {
    case 'certificate':
      return [inspectCertificate(der, options.now)];
    case 'certificate-request':
      return [{ inspected: inspectRequest(der) }];
    case 'certificate-list':
      return [{ inspected: { kind, ...describeCertificateList(parseCertificateList(der), options.now) } }];
    case 'ocsp-response':
      return [{ inspected: { kind, ...describeOcspResponse(parseOcspResponse(der)) } }];
    case 'public-key':
      return [{ inspected: inspectPublicKey(der) }];
    case 'private-key':
    case 'encrypted-private-key':
      return [{ inspected: await inspectPrivateKey(item, options.passphrase) }];
    case 'pkcs7':
      return inspectPkcs7(der, options);
    case 'pkcs12':
      return inspectPkcs12(der, options);
  }
}

function inspectCertificate(der: Uint8Array, now: Date): Told {
  const certificate = parseCertificate(der);
  return {
    certificate,
    inspected: {
      kind: 'certificate',
      ...describeCertificate(certificate, now),
      selfSigned: checkSelfSigned(certificate),
      findings: lintFindings(certificate),
    },
  };
}

function inspectRequest(der: Uint8Array): Inspected {
  const request = parseCertificateRequest(der);
  const findings = requestFindings(request);
  const signatureValid = !findings.some(({ id }) => id === 'signature-is-valid');
  return { kind: 'certificate-request', ...describeRequest(request), signatureValid, findings };
}

async function inspectPkcs7(der: Uint8Array, options: InspectOptions): Promise<Told[]> {
  const { certificates, crls } = readPkcs7(der);
  const items = [
    ...certificates.map((one): RecognisedItem => ({ kind: 'certificate', der: one, block: null })),
    ...crls.map((one): RecognisedItem => ({ kind: 'certificate-list', der: one, block: null })),
  ];
  return (await Promise.all(items.map((item) => inspectItem(item, options)))).flat();
}

async function inspectPkcs12(der: Uint8Array, options: InspectOptions): Promise<Told[]> {
  const protection = pkcs12Protection(der);
  const contents = await openPkcs12(der, options.passphrase);
  if (contents === null)
    return [{ inspected: { kind: 'pkcs12', opened: false, friendlyNames: [], ...protection } }];
  const { certificates, privateKeys, friendlyNames } = contents;
  const items = [
    ...certificates.map((one): RecognisedItem => ({ kind: 'certificate', der: one, block: null })),
    ...privateKeys.map((one): RecognisedItem => ({ kind: 'private-key', der: one, block: null })),
  ];
  const inside = await Promise.all(items.map((item) => inspectItem(item, options)));
  return [{ inspected: { kind: 'pkcs12', opened: true, friendlyNames, ...protection } }, ...inside.flat()];
}

/** CRLs alone may be large. */
function checkSize({ kind, der }: RecognisedItem, name: string): void {
  if (kind === 'certificate-list' || der.length <= MAX_OCTETS) return;
  throw new SslapiError(
    'ERR_INPUT_TOO_LARGE',
    `${name} holds a ${kind.replaceAll('-', ' ')} of ${der.length} octets`,
  );
}

const MAX_OCTETS = 1024 * 1024;
