import type { CertificateAuthority } from '../../ca/certificate-authority.js';
import { PROFILES } from '../../ca/profiles.js';
import { BACKDATE_MS } from '../../ca/validity-period.js';
import type { CredentialContext, MintedCredential } from '../../credentials/credential.js';
import { credentialContext } from '../../credentials/credential-context.js';
import { mint, secondsFrom } from '../../credentials/mint.js';
import { mintedRecords } from '../../credentials/minted-record.js';
import { SslapiError } from '../../errors.js';
import { type GeneralName, parseGeneralName } from '../../x509/general-name.js';
import type { BadContext, BadKind, Serving } from './bad-kind.js';

/** The CA that signs what is wrong and what is not. */
export type BadAuthority = Pick<
  CertificateAuthority,
  'issuing' | 'root' | 'signer' | 'hasKey' | 'recordMinted' | 'probeServer'
>;

/** What each kind serves, and which cannot be made with this CA, and why. */
export interface MadeServings {
  readonly servings: ReadonlyMap<BadKind, Serving>;
  /** In words. */
  readonly reasons: ReadonlyMap<BadKind, string>;
}

/** Makes the certificates of all kinds, good for a day, and has the store's events tell of them before anybody sees one.
 *  @param host what clients call the servers by
 *  @throws SslapiError ERR_SAN_INVALID, ERR_NAME_CONSTRAINED, ERR_ISSUE_POLICY_REFUSED, ERR_PASSWORD_WRONG … */
export async function makeServings(
  ca: BadAuthority,
  kinds: readonly BadKind[],
  host: string,
  now: Date,
): Promise<MadeServings> {
  const faultless: MintedCredential[] = [];
  const context = await contextOf(ca, host, now, faultless);
  const servings = new Map<BadKind, Serving>();
  const reasons = new Map<BadKind, string>();
  for (const kind of kinds) {
    const why = await reasonAgainst(kind, ca, context);
    if (why === null) servings.set(kind, await kind.make(context));
    else reasons.set(kind, why);
  }
  const minted = [
    ...faultless.map((credential) => ['bad server good', credential] as const),
    ...[...servings].map(([{ id }, { credential }]) => [`bad server ${id}`, credential] as const),
  ];
  const known = [ca.issuing, ca.root].flatMap((one) => (one === null ? [] : [one.parsed.der]));
  await ca.recordMinted(mintedRecords(minted, known));
  return { servings, reasons };
}

/** @param faultless what is made without a fault is added to it */
async function contextOf(
  ca: BadAuthority,
  host: string,
  now: Date,
  faultless: MintedCredential[],
): Promise<BadContext> {
  const context = credentialContext(ca, now, {
    ...ca.probeServer(host, namesOf(host)),
    profile: { ...PROFILES.server, name: 'probe' },
    validity: { notBefore: secondsFrom(now, -BACKDATE_MS), notAfter: secondsFrom(now, LIFETIME_MS) },
  });
  const made = async (keyType: CredentialContext['keyType']): Promise<MintedCredential> => {
    const credential = await mint({ ...context, keyType });
    faultless.push(credential);
    return credential;
  };
  let rsa: Promise<MintedCredential> | undefined;
  const goodRsa = (): Promise<MintedCredential> => {
    rsa ??= made('rsa-2048');
    return rsa;
  };
  return { ...context, host, good: await made('ec-p256'), goodRsa };
}

/** `localhost` is what a machine calls itself in three ways. */
function namesOf(host: string): GeneralName[] {
  const names = (host === 'localhost' ? LOCALHOST : [host]).map(parseGeneralName);
  if (names.every(({ type }) => type === 'dNSName' || type === 'iPAddress')) return names;
  throw new SslapiError('ERR_SAN_INVALID', `"${host}" is neither a DNS name nor an address`);
}

async function reasonAgainst(kind: BadKind, ca: BadAuthority, context: BadContext): Promise<string | null> {
  if (kind.needs === 'root-key' && !ca.hasKey(ca.root ?? ca.issuing)) return 'the root key is offline';
  return (await kind.whyNot?.(context)) ?? null;
}

const LOCALHOST = ['localhost', '127.0.0.1', '::1'];
const LIFETIME_MS = 24 * 60 * 60 * 1000;
