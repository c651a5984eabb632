import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { MintedCredential } from '../credentials/credential.js';
import { credentialContext } from '../credentials/credential-context.js';
import { mint } from '../credentials/mint.js';
import type { PresentedCredential } from '../credentials/presented-credential.js';
import type { KeyType } from '../keys/key-type.js';
import { parseCertificate } from '../x509/certificate.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import type { GeneralName } from '../x509/general-name.js';
import { commonNameOnly, type Name, sameName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import type { ShownIdentity } from './detour.js';
import type { IdentityWish } from './identity-wish.js';
import type { ProofSource } from './proof-source.js';

/** What certificates of somebody say of him. */
export interface IdentityNames {
  readonly subject: Name;
  readonly subjectAltName: readonly GeneralName[];
}

/** Subject and SAN of each NAME, from its newest certificate. @throws SslapiError ERR_CERTIFICATE_UNKNOWN */
export async function namesOf(
  ca: Pick<CertificateAuthority, 'find'>,
  wishes: readonly IdentityWish[],
): Promise<ReadonlyMap<string, IdentityNames>> {
  const found = new Map<string, IdentityNames>();
  for (const { name } of wishes) {
    const certificate = (await ca.find(name)).findLast((record) => record.certificate !== null)?.certificate;
    if (!certificate) continue;
    const parsed = parseCertificate(certificate);
    found.set(name, { subject: parsed.subject, subjectAltName: subjectAltNameOf(parsed) ?? [] });
  }
  return found;
}

/** The clients that stand for the identities, with keys of their own, written down before anybody sees them. Nobody's real
 *  certificate or key is used.
 *  @param requests by path */
export async function makeIdentities(
  source: ProofSource,
  wishes: readonly IdentityWish[],
  requests: ReadonlyMap<string, Uint8Array>,
  { keyType, presented, now }: IdentityBasis,
): Promise<ShownIdentity[]> {
  const lacks = source.lacks('issuing-key') !== null;
  const names = source.identities ?? new Map<string, IdentityNames>();
  const shown = new Map<string, MintedCredential>();
  if (!lacks) {
    for (const [name, named] of names)
      shown.set(name, await mintRecorded(source, named, keyType, now, `identity ${name}`));
  }
  return wishes.map(({ name, path }) => {
    const named = names.get(name);
    const isGood = presented !== null && named !== undefined && sameName(named.subject, presented.subject);
    return { name, path, request: requests.get(path)!, shown: shown.get(name) ?? null, isGood };
  });
}

interface IdentityBasis {
  /** That the server takes. */
  readonly keyType: KeyType;
  readonly presented: PresentedCredential | null;
  readonly now: Date;
}

/** A client that the CA has given no rights to anywhere. */
export function makeBystander(source: ProofSource, keyType: KeyType, now: Date): Promise<MintedCredential> {
  const nobody = { subject: commonNameOnly('sslapi-probe'), subjectAltName: [] };
  return mintRecorded(source, nobody, keyType, now, 'bystander');
}

async function mintRecorded(
  source: ProofSource,
  names: IdentityNames,
  keyType: KeyType,
  now: Date,
  what: string,
): Promise<MintedCredential> {
  const shown = await mint(credentialContext(source.authority, now, { ...names, keyType }));
  const { serialNumber } = parseCertificate(shown.chain[0]!);
  await source.record([{ serialNumber: serialNumberHex(serialNumber), what }]);
  return shown;
}
