import type { PresentedCredential } from '../credentials/presented-credential.js';
import { SslapiError } from '../errors.js';
import { parseCertificate } from '../x509/certificate.js';
import type { Name } from '../x509/name.js';
import type { IdentityWish } from './identity-wish.js';
import { sourceOfKit } from './kit-source.js';
import type { DeployCrl } from './live-revocation.js';
import type { DeployMadeCrls } from './made-crls.js';
import { type HttpVersion, type ProofBasis, planProof } from './plan-proof.js';
import { prove } from './proof.js';
import type { ProofRow } from './proof-row.js';
import { type ProofSource, type ProvingAuthority, sourceOfCa, sourceOfClient } from './proof-source.js';
import type { ProofKit } from './read-proof-kit.js';
import type { TrustSource } from './trust.js';

/** What was asked of a probe, as far as its proof goes. */
export interface ProofWish {
  readonly ca?: ProvingAuthority;
  readonly kit?: ProofKit;
  readonly proveMtls?: boolean;
  readonly client?: PresentedCredential;
  readonly expect?: RegExp;
  readonly http?: HttpVersion;
  readonly identities?: readonly IdentityWish[];
  readonly revokeLive?: boolean;
  readonly deployCrl?: DeployCrl;
  readonly deploymentMs?: number;
  readonly deployMadeCrls?: DeployMadeCrls;
  readonly trust?: readonly TrustSource[];
  readonly onResult?: (row: ProofRow) => void;
}

/** Where the credentials of the proof come from; null where none was asked for.
 *  @throws SslapiError where the key of the issuing CA does not open, or there is no CA for what only it can do */
export async function proofSource({
  proveMtls,
  ca,
  kit,
  client,
  identities,
  revokeLive,
}: ProofWish): Promise<ProofSource | null> {
  if (!proveMtls) return null;
  if (ca === undefined || kit !== undefined) refuseWithoutCa({ identities, revokeLive });
  if (kit !== undefined) return sourceOfKit(kit);
  return ca === undefined ? sourceOfClient(client ?? null) : sourceOfCa(ca, identities);
}

/** Nobody else can make a client that is to be revoked, or one of another name: a row left out would be a pass by silence. */
function refuseWithoutCa({
  identities,
  revokeLive,
}: {
  readonly identities: readonly IdentityWish[] | undefined;
  readonly revokeLive: boolean | undefined;
}): void {
  const flag = revokeLive ? '--revoke-live' : identities?.length ? '--identity' : null;
  if (flag === null) return;
  throw new SslapiError('ERR_CA_NOT_FOUND', `${flag} needs the CA itself, and there is none here`, {
    hint: 'Point --pki at the CA of the clients, and leave --kit out.',
  });
}

/** Plans the proof and carries it out. */
export async function runProof(
  source: ProofSource,
  {
    client,
    expect,
    http,
    identities,
    revokeLive,
    deployCrl,
    deploymentMs,
    deployMadeCrls,
    onResult,
  }: ProofWish,
  basis: Pick<ProofBasis, 'connections' | 'servername' | 'requests' | 'identityRequests' | 'observations'>,
): Promise<ProofRow[]> {
  const onRow = (row: ProofRow): void => onResult?.(row);
  return prove(
    await planProof({
      ...basis,
      source,
      presented: client ?? null,
      expect: expect ?? null,
      http: http ?? null,
      identities: identities ?? [],
      revokeLive: revokeLive === true,
      deployCrl: deployCrl ?? null,
      deploymentMs,
      deployMadeCrls: deployMadeCrls ?? null,
      onRow,
    }),
  );
}

/** The subjects of the CAs that a proof holds for ours; null where there is none to hold anything against. */
export function ownCAs(source: ProofSource | null, trust: readonly TrustSource[]): Name[] | null {
  if (source === null || source.lacks('issuer') !== null) return null;
  const { issuing, root } = source.authority;
  const own = [issuing.parsed.subject, ...(root === null ? [] : [root.parsed.subject])];
  const named = trust.filter((one) => one.named).flatMap(({ certificates }) => certificates());
  return [...own, ...named.map((der) => parseCertificate(der).subject)];
}
