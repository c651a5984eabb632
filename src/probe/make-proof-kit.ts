import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { validityPeriod } from '../ca/validity-period.js';
import type { CredentialContext, MintedCredential } from '../credentials/credential.js';
import { credentialContext } from '../credentials/credential-context.js';
import { CREDENTIALS } from '../credentials/index.js';
import { SslapiError } from '../errors.js';
import { encodePkcs12, type Pkcs12Entry } from '../keys/encode-pkcs12.js';
import type { KeyType } from '../keys/key-type.js';
import type { Passphrase } from '../keys/passphrase.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import type { GeneralName } from '../x509/general-name.js';
import { commonNameOnly, type Name } from '../x509/name.js';
import { decodePem } from '../x509/pem.js';
import { DEFAULT_KIT_DAYS, DEFAULT_KIT_KEY_TYPES, KIT_LABEL, MAX_KIT_DAYS } from './kit-contents.js';
import { mintReportSigner } from './mint-report-signer.js';
import { PROOF_KEY_TYPES } from './proof-credentials.js';
import { type ProofSource, sourceOfCa } from './proof-source.js';
import { lastingRevocation } from './published-crls.js';

/** What a kit shall be like. */
export interface KitWish {
  /** Encrypts it. */
  readonly password: Passphrase;
  /** 7 by default, 30 at most. */
  readonly validityDays?: number;
  /** NAME of a client whose subject and SAN its credentials shall bear; `CN=sslapi-probe` by default. */
  readonly client?: string;
  /** Which the servers take; P-256 and RSA with 2,048 bits by default. */
  readonly keyTypes?: readonly KeyType[];
  readonly now?: Date;
}

/** A kit that was made and recorded, to be written down. */
export interface MadeKit {
  /** What `list --profile probe` shows it under. */
  readonly name: string;
  readonly pkcs12: Uint8Array;
  readonly notAfter: Date;
  readonly keyTypes: readonly KeyType[];
  /** Ids of the credentials in it. */
  readonly credentials: readonly string[];
  /** Those that only the CA can sign and that are not in it, each with why. */
  readonly missing: ReadonlyArray<{ readonly id: string; readonly why: string }>;
  readonly notices: readonly string[];
}

/** Makes a kit: what a proof needs and only the CA can sign, for machines that shall not have its key. It is recorded before
 *  anybody has a byte of it.
 *  @throws SslapiError ERR_VALIDITY_INVALID, ERR_CERTIFICATE_UNKNOWN, ERR_PASSWORD_WRONG … */
export async function makeProofKit(ca: CertificateAuthority, wish: KitWish): Promise<MadeKit> {
  const { validityDays = DEFAULT_KIT_DAYS, keyTypes = DEFAULT_KIT_KEY_TYPES, now = new Date() } = wish;
  if (validityDays > MAX_KIT_DAYS)
    throw new SslapiError('ERR_VALIDITY_INVALID', `a kit of ${validityDays} days lives too long`, {
      hint: `At most ${MAX_KIT_DAYS} days; make a new one as often as that.`,
    });
  const foreign = keyTypes.find((keyType) => !PROOF_KEY_TYPES.includes(keyType));
  if (foreign !== undefined)
    throw new SslapiError('ERR_KEY_TYPE_UNKNOWN', `no proof shows keys of type ${foreign}`, {
      hint: `Choose ${PROOF_KEY_TYPES.join(', ')}.`,
    });
  const { issuing, root } = ca;
  const { validity, notice } = validityPeriod({ validityDays }, validityDays, now, issuing.parsed.validity);
  const source = await sourceOfCa(ca);
  const names = wish.client === undefined ? PROBE_NAMES : await namesOfClient(ca, wish.client);
  const latestRevoked = await lastingRevocation(ca, validity.notAfter);
  const context = { ...credentialContext(ca, now, { ...names, latestRevoked }), validity };
  const sets = await Promise.all(keyTypes.map((keyType) => makeSet(source, { ...context, keyType })));
  const signer = await mintReportSigner(ca, now, validity);
  const entries = [
    caEntry(KIT_LABEL.issuing, issuing.parsed),
    ...(root === null ? [] : [caEntry(KIT_LABEL.root, root.parsed)]),
    ...sets.flatMap((set, at) => [...set.made].map(([id, one]) => entryOf(id, keyTypes[at]!, one))),
    entryWithKey(KIT_LABEL.reportSigner, signer),
  ];
  const pkcs12 = await encodePkcs12({ entries, password: wish.password, legacy: false });
  const name = await ca.recordKit(
    entries.flatMap(({ friendlyName, certificate, chain }) =>
      certificatesOf(friendlyName, certificate, chain),
    ),
    validity.notAfter,
  );
  return {
    name,
    pkcs12,
    notAfter: validity.notAfter,
    keyTypes,
    credentials: [...new Set(sets.flatMap(({ made }) => [...made.keys()]))],
    missing: sets[0]?.missing ?? [],
    notices: notice === null ? [] : [`the kit's ${notice}`],
  };
}

/** What only the CA can sign, and the faultless twins, for servers that take keys of one type. */
async function makeSet(
  source: ProofSource,
  withoutGood: CredentialContext,
): Promise<{ made: Map<string, MintedCredential>; missing: MadeKit['missing'] }> {
  const made = new Map<string, MintedCredential>();
  const missing: Array<{ id: string; why: string }> = [];
  let context = withoutGood;
  for (const credential of CREDENTIALS.filter(
    ({ needs }) => needs === 'issuing-key' || needs === 'root-key',
  )) {
    const { id, needs, twin } = credential;
    const why = source.lacks(needs) ?? credential.whyNot?.(context);
    if (why) {
      missing.push({ id, why });
      continue;
    }
    const one = await credential.make(context);
    if (one === null) continue;
    made.set(id, one);
    if (id === 'good') context = { ...context, good: one };
    if (twin !== undefined && !made.has(twin.id)) made.set(twin.id, await twin.make(context));
  }
  return { made, missing };
}

/** Subject and SAN of a client's newest certificate that is good. */
async function namesOfClient(ca: CertificateAuthority, name: string): Promise<Names> {
  const records = await ca.find(name);
  const record = records.findLast((one) => ca.view(one).status === 'valid') ?? records.at(-1)!;
  const { status, profile } = ca.view(record);
  const unfit = status !== 'valid' ? `is ${status}` : profile === 'server' ? 'is a server certificate' : null;
  if (unfit !== null || record.certificate === null)
    throw new SslapiError('ERR_USAGE', `--client ${name}: it ${unfit ?? 'has no certificate'}`, {
      hint: 'Name a valid client certificate, or leave --client out.',
    });
  const certificate = parseCertificate(record.certificate);
  return { subject: certificate.subject, subjectAltName: subjectAltNameOf(certificate) ?? [] };
}

interface Names {
  readonly subject: Name;
  readonly subjectAltName: readonly GeneralName[];
}

function caEntry(friendlyName: string, { der }: Certificate): Pkcs12Entry {
  return { friendlyName, certificate: der, chain: [], privateKey: null };
}

function entryOf(id: string, keyType: KeyType, credential: MintedCredential): Pkcs12Entry {
  return entryWithKey(KIT_LABEL.credential(id, keyType), credential);
}

function entryWithKey(friendlyName: string, { chain, privateKey }: MintedCredential): Pkcs12Entry {
  const [certificate, ...above] = chain;
  return { friendlyName, certificate: certificate!, chain: above, privateKey: decodePem(privateKey)[0]!.der };
}

/** A leaf under its label, those above it as its issuer. CAs of ours are known to the store already. */
function certificatesOf(
  label: string,
  certificate: Uint8Array,
  chain: readonly Uint8Array[],
): Array<{ der: Uint8Array; what: string }> {
  const what = label.replaceAll(' ', '.');
  return [
    { der: certificate, what },
    ...chain.map((der, at) => ({ der, what: at === 0 ? `${what}.issuer` : `${what}.issuer-${at + 1}` })),
  ];
}

const PROBE_NAMES: Names = { subject: commonNameOnly('sslapi-probe'), subjectAltName: [] };
