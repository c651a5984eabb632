import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { Ingredient, MintedCredential, MintingAuthority } from '../credentials/credential.js';
import type { MintedRecord } from '../credentials/minted-record.js';
import type { PresentedCredential } from '../credentials/presented-credential.js';
import { SslapiError } from '../errors.js';
import type { KeyType } from '../keys/key-type.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import type { IdentityWish } from './identity-wish.js';
import type { RevokingAuthority } from './live-revocation.js';
import { type IdentityNames, namesOf } from './proof-identities.js';
import { type PublishedCrl, publishedCrls } from './published-crls.js';

/** Where the credentials of a proof come from: a CA with its keys, what was made beforehand, or what anybody can make. */
export interface ProofSource {
  readonly authority: MintingAuthority;
  /** Why an ingredient is not at hand, in words; null where it is.
   *  @param id of the credential that it is wanted for */
  lacks(ingredient: Ingredient, id?: string): string | null;
  /** Credentials and twins that were made beforehand with keys of that type, by id. */
  made(keyType: KeyType): ReadonlyMap<string, MintedCredential>;
  /** The types of key that something was made beforehand with. */
  readonly keyTypes: readonly KeyType[];
  /** CRLs as our CA has published them. */
  readonly crls: readonly PublishedCrl[];
  /** Serial number of the newest entry on the CRL of the issuing CA, the reserved one apart; null for none. */
  readonly latestRevoked: bigint | null;
  /** Subject and SAN of the clients that paths belong to, by NAME. */
  readonly identities?: ReadonlyMap<string, IdentityNames>;
  /** Who can revoke; absent where nobody can. */
  readonly revoker?: RevokingAuthority;
  /** Writes down what was minted, before anybody sees it. */
  record(minted: readonly MintedRecord[]): Promise<void>;
}

/** The CA that a proof is made with. */
export type ProvingAuthority = Pick<
  CertificateAuthority,
  'issuing' | 'root' | 'signer' | 'recordMinted' | 'folder' | 'find' | 'mintProbeClient' | 'revoke'
>;

/** Opens the keys of a CA: the issuing one must be there, that of the root need not.
 *  @param identities whose names are looked up
 *  @throws SslapiError ERR_PASSWORD_WRONG, ERR_KEY_UNREADABLE … */
export async function sourceOfCa(
  ca: ProvingAuthority,
  identities: readonly IdentityWish[] = [],
): Promise<ProofSource> {
  await ca.signer(ca.issuing);
  const rootLack = await lackOfRootKey(ca);
  const crls = publishedCrls(ca);
  return {
    authority: ca,
    lacks: (ingredient) => (ingredient === 'root-key' ? rootLack : null),
    ...NOTHING_BEFOREHAND,
    crls,
    identities: await namesOf(ca, identities),
    revoker: ca,
    latestRevoked: crls.find(({ role }) => role === 'issuing')?.latestRevoked ?? null,
    record: (minted) => ca.recordMinted(minted),
  };
}

/** What a proof has without any CA: a client's certificate and key, or nothing. */
export function sourceOfClient(presented: PresentedCredential | null): ProofSource {
  const issuer = presented?.chain[1] === undefined ? null : parseCertificate(presented.chain[1]);
  return {
    authority: keylessAuthority(issuer),
    lacks: (ingredient) => lackWithoutCa(ingredient, presented, issuer),
    ...NOTHING_BEFOREHAND,
    crls: [],
    latestRevoked: null,
    record: () => Promise.resolve(),
  };
}

/** All is made when it is wanted. */
const NOTHING_BEFOREHAND: Pick<ProofSource, 'made' | 'keyTypes'> = { made: () => new Map(), keyTypes: [] };

/** The public part of a CA that is not at hand.
 *  @param issuing its certificate; null where not even that is known, and nothing that needs it may be made */
export function keylessAuthority(
  issuing: Certificate | null,
  root: Certificate | null = null,
): MintingAuthority {
  const publicPart = (id: 'issuing' | 'root', parsed: Certificate) =>
    ({ id, role: id, parsed, reservedSerial: '00' }) as const;
  return {
    get issuing() {
      if (issuing === null) throw new Error('a credential was made without what it needs: the issuer');
      return publicPart('issuing', issuing);
    },
    root: root && publicPart('root', root),
    signer: () => Promise.reject(new Error('a credential was made without what it needs: a key')),
  };
}

async function lackOfRootKey(ca: ProvingAuthority): Promise<string | null> {
  if (ca.root === null) return null;
  try {
    await ca.signer(ca.root);
    return null;
  } catch (error) {
    if (!(error instanceof SslapiError)) throw error;
    return error.code === 'ERR_ROOT_KEY_OFFLINE'
      ? 'the root key is offline'
      : `the root key: ${error.message}`;
  }
}

function lackWithoutCa(
  ingredient: Ingredient,
  presented: PresentedCredential | null,
  issuer: Certificate | null,
): string | null {
  switch (ingredient) {
    case 'nothing':
      return null;
    case 'good':
      return presented === null ? `there is no good client to make it from (${GOOD_FLAGS})` : null;
    case 'issuer':
      return issuer === null
        ? 'the certificate of the CA did not come with the client (--cert with its chain)'
        : null;
    case 'issuing-key':
    case 'root-key':
      return 'only the CA can sign it: take a kit along (sslapi proof-kit, --kit)';
  }
}

const GOOD_FLAGS = '--client, --cert and --key, or --kit';
