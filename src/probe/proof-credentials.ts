import type { Credential, CredentialContext, MintedCredential, Twin } from '../credentials/credential.js';
import { credentialContext } from '../credentials/credential-context.js';
import { CREDENTIALS } from '../credentials/index.js';
import { mintedRecords } from '../credentials/minted-record.js';
import type { PresentedCredential } from '../credentials/presented-credential.js';
import type { KeyType } from '../keys/key-type.js';
import type { CertificateRequest } from '../tls/certificate-request.js';
import { SIGNATURE_SCHEME as SCHEME } from '../tls/signature-scheme.js';
import { parseCertificate } from '../x509/certificate.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import { commonNameOnly, type Name } from '../x509/name.js';
import type { ProofSource } from './proof-source.js';

/** What there is to show. */
export interface CredentialSet {
  /** The type of key that they are made of where nothing else is asked for. */
  readonly keyType: KeyType;
  /** In the order of the report. */
  readonly credentials: readonly ShownCredential[];
  /** Faultless twins by id. */
  readonly twins: ReadonlyMap<string, MintedCredential>;
}

export interface ShownCredential {
  readonly credential: Credential;
  /** Null where it consists in showing none, and where there is none. */
  readonly shown: MintedCredential | null;
  /** Why there is none to show; null where there is. */
  readonly notMade: string | null;
}

/** What a server's CertificateRequest leaves to choose from. */
export interface AllowedKeyTypes {
  readonly keyType: KeyType;
  readonly takesRsa: boolean;
}

/** Makes the credentials of a proof, and has them written down before anybody sees them.
 *  @param presented shown as `good` where given; the bad ones carry its names */
export async function makeCredentials(
  source: ProofSource,
  allowed: AllowedKeyTypes,
  presented: PresentedCredential | null,
  now: Date,
): Promise<CredentialSet> {
  const beforehand = source.made(allowed.keyType);
  const context = contextOf(source, allowed, presented, now);
  const [first, ...rest] = CREDENTIALS;
  const good = presented
    ? { credential: first!, shown: presented, notMade: null }
    : await made(source, first!, context);
  const complete = { ...context, good: good.shown };
  const credentials = [good, ...(await Promise.all(rest.map((one) => made(source, one, complete))))];
  const twins = await twinsOf(source, credentials, complete);
  const cas = source.lacks('issuer') === null ? [source.authority.issuing.parsed.der] : [];
  const others = [...(presented?.chain ?? []), ...[...beforehand.values()].flatMap(({ chain }) => chain)];
  const minted = [
    ...credentials.map(({ credential, shown }) => [credential.id, shown] as const),
    ...[...twins].map(([id, twin]) => [`twin ${id}`, twin] as const),
  ];
  await source.record(mintedRecords(minted, [...cas, ...others]));
  return { keyType: allowed.keyType, credentials, twins };
}

/** Makes the `good` of a proof, for what is looked at before it, and has it written down as the others are; null where there is
 *  none to show.
 *  @param request of the server that is to let it in */
export async function goodBeforehand(
  source: ProofSource,
  request: CertificateRequest,
  now: Date,
): Promise<MintedCredential | null> {
  const allowed = allowedKeyTypes(request, source.keyTypes);
  const { shown } = await made(source, CREDENTIALS[0]!, contextOf(source, allowed, null, now));
  if (shown === null) return null;
  const cas = source.lacks('issuer') === null ? [source.authority.issuing.parsed.der] : [];
  await source.record(mintedRecords([['good', shown]], cas));
  return shown;
}

/** A source that has this `good` already, and makes no second one of its type of key. */
export function withGood(source: ProofSource, good: MintedCredential): ProofSource {
  return {
    ...source,
    made: (keyType) =>
      keyType === good.keyType ? new Map([...source.made(keyType), ['good', good]]) : source.made(keyType),
  };
}

/** The type of key to make certificates with, so that a TLS library does send them: the first that the server allows,
 *  RFC 8446 §4.3.2, RFC 5246 §7.4.4; of those that were made beforehand, where some were. */
export function allowedKeyTypes(
  request: CertificateRequest | null,
  beforehand: readonly KeyType[] = [],
): AllowedKeyTypes {
  const schemes = request?.signatureSchemes;
  const types = request?.certificateTypes ?? [];
  const isAllowed = ({ scheme, type }: AllowedKey): boolean =>
    (!schemes || schemes.some((one) => scheme.includes(one))) && (types.length === 0 || types.includes(type));
  const allowed = ALLOWED_KEYS.filter(isAllowed).map(({ keyType }) => keyType);
  const keyType = allowed.find((one) => beforehand.includes(one)) ?? allowed[0] ?? 'ec-p256';
  return { keyType, takesRsa: allowed.includes('rsa-2048') };
}

/** Whom `good` names. */
export function goodSubject(source: ProofSource, presented: PresentedCredential | null): Name {
  if (presented !== null) return presented.subject;
  const [keyType] = source.keyTypes;
  return namesOf(keyType && source.made(keyType).get('good')).subject;
}

function contextOf(
  source: ProofSource,
  allowed: AllowedKeyTypes,
  presented: PresentedCredential | null,
  now: Date,
): CredentialContext {
  const { subject, subjectAltName } = presented ?? namesOf(source.made(allowed.keyType).get('good'));
  const { latestRevoked } = source;
  return credentialContext(source.authority, now, { subject, subjectAltName, ...allowed, latestRevoked });
}

/** Subject and SAN of a credential that was made beforehand; those of a probe where there is none. */
function namesOf(good: MintedCredential | undefined): Pick<CredentialContext, 'subject' | 'subjectAltName'> {
  if (good === undefined) return { subject: commonNameOnly('sslapi-probe'), subjectAltName: [] };
  const certificate = parseCertificate(good.chain[0]!);
  return { subject: certificate.subject, subjectAltName: subjectAltNameOf(certificate) ?? [] };
}

async function made(
  source: ProofSource,
  credential: Credential,
  context: CredentialContext,
): Promise<ShownCredential> {
  const beforehand = source.made(context.keyType).get(credential.id);
  const notMade =
    (beforehand
      ? null
      : (source.lacks(credential.needs, credential.id) ?? lackOfGood(credential, context))) ??
    credential.whyNot?.(context);
  if (notMade) return { credential, shown: null, notMade };
  return { credential, shown: beforehand ?? (await credential.make(context)), notMade: null };
}

/** A client that was brought along may be made of a key or of a chain that a credential cannot be made from. */
function lackOfGood({ needs }: Credential, { good }: CredentialContext): string | null {
  return needs === 'good' && good === null ? 'there is no good client to make it from' : null;
}

async function twinsOf(
  source: ProofSource,
  credentials: readonly ShownCredential[],
  context: CredentialContext,
): Promise<Map<string, MintedCredential>> {
  const wanted = new Map<string, Twin>();
  for (const { credential, shown } of credentials) {
    if (credential.twin !== undefined && shown !== null) wanted.set(credential.twin.id, credential.twin);
  }
  const twins = [...wanted.values()].map(async (twin) => {
    const beforehand = source.made(context.keyType).get(twin.id);
    if (beforehand === undefined && source.lacks('root-key', twin.id) !== null) return [];
    return [[twin.id, beforehand ?? (await twin.make(context))] as const];
  });
  return new Map((await Promise.all(twins)).flat());
}

interface AllowedKey {
  readonly keyType: KeyType;
  readonly scheme: readonly number[];
  /** ClientCertificateType: 1 rsa_sign, 64 ecdsa_sign, which stands for Ed25519 too (RFC 8422 §5.5). */
  readonly type: number;
}

const RSA_SCHEMES = [SCHEME.rsa_pss_rsae_sha256, SCHEME.rsa_pkcs1_sha256];
const ALLOWED_KEYS: readonly AllowedKey[] = [
  { keyType: 'ec-p256', scheme: [SCHEME.ecdsa_secp256r1_sha256], type: 64 },
  { keyType: 'rsa-2048', scheme: RSA_SCHEMES, type: 1 },
  { keyType: 'ec-p384', scheme: [SCHEME.ecdsa_secp384r1_sha384], type: 64 },
  { keyType: 'ed25519', scheme: [SCHEME.ed25519], type: 64 },
];

/** The types of key that a proof may show. */
export const PROOF_KEY_TYPES: readonly KeyType[] = ALLOWED_KEYS.map(({ keyType }) => keyType);
