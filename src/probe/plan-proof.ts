import type { PresentedCredential } from '../credentials/presented-credential.js';
import { SslapiError } from '../errors.js';
import type { CertificateRequest } from '../tls/certificate-request.js';
import type { Certificate } from '../x509/certificate.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import { commonNameOnly, formatName, sameName } from '../x509/name.js';
import { likelyServers, type ServerKind } from './advice/likely-server.js';
import type { Connections } from './connections.js';
import type { ShownIdentity } from './detour.js';
import type { IdentityWish } from './identity-wish.js';
import { type DeployCrl, type LiveRevocation, liveRevocation } from './live-revocation.js';
import type { DeployMadeCrls } from './made-crls.js';
import { deployMade } from './made-crls.js';
import {
  type Observations,
  REQUEST_VERSIONS,
  type RequestVersion,
  spokenHandshakes,
} from './observations.js';
import type { ProofPlan } from './proof.js';
import { allowedKeyTypes, type CredentialSet, makeCredentials } from './proof-credentials.js';
import { makeBystander, makeIdentities } from './proof-identities.js';
import type { ProofRow } from './proof-row.js';
import type { ProofSource } from './proof-source.js';

/** As `--http` names it. */
export type HttpVersion = '1.1' | '2';

/** What the plan of a proof draws on. */
export interface ProofBasis {
  readonly source: ProofSource;
  readonly connections: Connections;
  readonly servername: string | null;
  readonly requests: ReadonlyMap<string, Uint8Array>;
  readonly observations: Observations;
  readonly presented: PresentedCredential | null;
  readonly expect: RegExp | null;
  /** The only version of HTTP that is spoken; null for HTTP/1.1, and HTTP/2 too where the server has it. */
  readonly http: HttpVersion | null;
  readonly identities: readonly IdentityWish[];
  /** The requests for their paths. */
  readonly identityRequests: ReadonlyMap<string, Uint8Array>;
  readonly revokeLive: boolean;
  readonly deployCrl: DeployCrl | null;
  readonly deploymentMs: number | undefined;
  readonly deployMadeCrls: DeployMadeCrls | null;
  readonly onRow: (row: ProofRow) => void;
}

/** Makes the credentials for each version that the endpoint speaks, of the key type that it allows there. */
export async function planProof(basis: ProofBasis): Promise<ProofPlan> {
  const { source, connections, servername, requests, observations, presented, expect, onRow } = basis;
  const { at, clientAuth, acceptableCAs, ownCAs } = observations;
  const sets = new Map<string, Promise<CredentialSet>>();
  const credentials = new Map<RequestVersion, CredentialSet>();
  for (const [version, request] of certificateRequests(observations)) {
    const allowed = allowedKeyTypes(request, source.keyTypes);
    const kind = `${allowed.keyType} ${allowed.takesRsa}`;
    const set = sets.get(kind) ?? makeCredentials(source, allowed, presented, at);
    sets.set(kind, set);
    credentials.set(version, await set);
  }
  if (basis.deployMadeCrls !== null)
    await deployMade(source.authority, [...new Set(credentials.values())], at, basis.deployMadeCrls);
  const isOursNamed = acceptableCAs.some((name) => ownCAs?.some((own) => sameName(own, name)));
  return {
    connections,
    servername,
    requests,
    credentials,
    protocols: protocolsOf([...credentials.keys()], basis),
    ...(await clientsOf(basis, credentials)),
    otherNames: otherNamesOf(observations, servername),
    live: liveOf(basis, credentials),
    expect,
    onRow,
    advice: {
      requested: clientAuth.requested,
      othersOnly: isOursNamed || ownCAs === null ? [] : acceptableCAs.map(formatName),
      crls: source.crls,
      likely: likelyOf(observations),
      at,
    },
  };
}

function likelyOf({ starttls, http, strangers }: Observations): readonly ServerKind[] {
  if (starttls?.protocol === 'postgres') return ['postgres'];
  return likelyServers(
    http.answers.map(({ answer }) => answer),
    strangers.map(({ outcome }) => outcome),
  );
}

/** HTTP/1.1 in every version, and HTTP/2 in the newest where ALPN agrees to it. Servers refuse who offers nothing that they know:
 *  only what is known to be agreed upon is offered, unless somebody asked for HTTP/2. */
function protocolsOf(
  versions: readonly RequestVersion[],
  { http, observations: { scan, starttls } }: ProofBasis,
): ProofPlan['protocols'] {
  const agreed = starttls ? [] : (scan.hello.alpn.value ?? []);
  const plain = agreed.includes('http/1.1') ? 'http/1.1' : null;
  const of = (version: RequestVersion): ReadonlyArray<string | null> => {
    if (http === '2') return ['h2'];
    return http === null && agreed.includes('h2') && version === versions.at(-1) ? [plain, 'h2'] : [plain];
  };
  return new Map(versions.map((version) => [version, of(version)]));
}

async function clientsOf(
  { source, presented, identities, identityRequests, observations }: ProofBasis,
  credentials: ReadonlyMap<RequestVersion, CredentialSet>,
): Promise<Pick<ProofPlan, 'identities' | 'bystander'>> {
  const made = new Map<RequestVersion, readonly ShownIdentity[]>();
  const now = observations.at;
  for (const [version, { keyType }] of identities.length === 0 ? [] : credentials)
    made.set(
      version,
      await makeIdentities(source, identities, identityRequests, { keyType, presented, now }),
    );
  const isGoods = [...made.values()].flat().some(({ isGood }) => isGood);
  const [set] = credentials.values();
  if (!isGoods || set === undefined || source.lacks('issuing-key') !== null)
    return { identities: made, bystander: null };
  return { identities: made, bystander: await makeBystander(source, set.keyType, now) };
}

function liveOf(
  { source, revokeLive, deployCrl, deploymentMs, presented }: ProofBasis,
  credentials: ReadonlyMap<RequestVersion, CredentialSet>,
): LiveRevocation | null {
  if (!revokeLive || source.revoker === undefined || credentials.size === 0) return null;
  const subject = presented?.subject ?? commonNameOnly('sslapi-probe');
  return liveRevocation(
    source.revoker,
    { subject, subjectAltName: presented?.subjectAltName ?? [] },
    { deploy: deployCrl, deploymentMs },
  );
}

/** Names that the server has a certificate for: other sites may live there. */
function otherNamesOf({ certificates }: Observations, servername: string | null): string[] {
  const [leaf] = certificates;
  const names = leaf === undefined ? [] : dnsNamesOf(leaf);
  return names.filter((name) => name !== servername && !name.includes('*'));
}

function dnsNamesOf(certificate: Certificate): string[] {
  try {
    const names = subjectAltNameOf(certificate) ?? [];
    return names.flatMap((name) => (name.type === 'dNSName' ? [name.value] : []));
  } catch (error) {
    if (error instanceof SslapiError) return [];
    throw error;
  }
}

/** The CertificateRequest of each version that is spoken; null where none came. */
function certificateRequests(
  observations: Observations,
): Array<readonly [RequestVersion, CertificateRequest | null]> {
  const spoken = new Map(spokenHandshakes(observations));
  return REQUEST_VERSIONS.flatMap((version) => {
    const outcome = spoken.get(version);
    return outcome === undefined ? [] : [[version, outcome.flight.certificateRequest] as const];
  });
}
