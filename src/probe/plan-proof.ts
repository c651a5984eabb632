import type { PresentedCredential } from '../credentials/presented-credential.js';
import type { CertificateRequest } from '../tls/certificate-request.js';
import { formatName, sameName } from '../x509/name.js';
import type { Connections } from './connections.js';
import {
  type Observations,
  REQUEST_VERSIONS,
  type RequestVersion,
  spokenHandshakes,
} from './observations.js';
import type { ProofPlan } from './proof.js';
import { allowedKeyTypes, type CredentialSet, makeCredentials } from './proof-credentials.js';
import type { ProofRow } from './proof-row.js';
import type { ProofSource } from './proof-source.js';

/** What the plan of a proof draws on. */
export interface ProofBasis {
  readonly source: ProofSource;
  readonly connections: Connections;
  readonly servername: string | null;
  readonly requests: ReadonlyMap<string, Uint8Array>;
  readonly observations: Observations;
  readonly presented: PresentedCredential | null;
  readonly expect: RegExp | null;
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
  const isOursNamed = acceptableCAs.some((name) => ownCAs?.some((own) => sameName(own, name)));
  return {
    connections,
    servername,
    requests,
    credentials,
    expect,
    onRow,
    advice: {
      requested: clientAuth.requested,
      othersOnly: isOursNamed || ownCAs === null ? [] : acceptableCAs.map(formatName),
      crls: source.crls,
      at,
    },
  };
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
