import type { MintedCredential, Severity } from '../credentials/credential.js';
import type { RequestCertificate, RequestOutcome, TlsRequest } from '../tls/request-outcome.js';
import type { Connections } from './connections.js';
import type { RequestVersion } from './observations.js';
import type { Sighting } from './proof-row.js';
import type { AfterRevocation } from './revoke-live.js';

/** A way around the handshake, or past what it decided: a row of the proof that no certificate of its own stands for. */
export interface Detour {
  /** The name of its file. */
  readonly id: string;
  /** The claim that holds where there is no such way. */
  readonly title: string;
  /** The clause that closes it, or the weakness (CWE) where it is open. */
  readonly citation: string;
  readonly expected: 'refuse' | 'either';
  /** By what somebody gains who takes it. */
  readonly severity: Severity;
  /** Where it is tried: in each round (path, version and protocol of HTTP), for each path in each version, for each version on
   *  its first path, or for each path in the newest version. `live` is for each version, when all the rest is done. */
  readonly scope: DetourScope;
  /** Tries it. Words say why there was nothing to try. */
  take(scene: DetourScene): Promise<readonly Trial[] | string>;
}

export type DetourScope = 'round' | 'path and version' | 'version' | 'path' | 'live';

/** One attempt of a detour, and what came of it. */
export interface Trial {
  /** What was done, for the evidence. */
  readonly what: string;
  readonly sighting: Sighting;
  /** Where, if not on the path of the scene: a row of its own. */
  readonly path?: string;
  /** Of the certificate that was shown; none by default. */
  readonly keyType?: string;
  readonly alpn?: string | null;
}

/** What a detour has to go by: a good client that was let in, what it got, and what a stranger gets there. */
export interface DetourScene {
  readonly connections: Connections;
  readonly servername: string | null;
  readonly version: RequestVersion;
  /** What ALPN is to agree upon; null for no ALPN. */
  readonly alpn: string | null;
  readonly path: string;
  readonly request: Uint8Array;
  readonly expect: RegExp | null;
  readonly good: { readonly shown: MintedCredential; readonly outcome: RequestOutcome };
  /** What came of showing no certificate. */
  readonly stranger: Promise<RequestOutcome>;
  /** A certificate that nobody has to believe, with the names of `good`. */
  readonly selfSigned: MintedCredential | null;
  /** DNS names beside our own in the certificate of the server. */
  readonly otherNames: readonly string[];
  readonly identities: readonly ShownIdentity[];
  /** A client of the CA that is nobody in particular; null where there is none but good. */
  readonly bystander: MintedCredential | null;
  /** What became of a client that has been revoked; null where nothing may be. */
  readonly afterRevocation: AfterRevocation | null;
  /** The other paths of the proof, with this one, and their requests. */
  readonly requests: ReadonlyMap<string, Uint8Array>;
}

/** A client by NAME, and a path that it may have. */
export interface ShownIdentity {
  readonly name: string;
  readonly path: string;
  readonly request: Uint8Array;
  /** Null where nobody can make it. */
  readonly shown: MintedCredential | null;
  /** Whether `good` bears the names of this one. */
  readonly isGood: boolean;
}

/** Asks as in the round of the scene, but for what is said to differ; without a certificate unless one is given. */
export function askOnScene(
  { connections, servername, version, alpn, request }: DetourScene,
  changes: Partial<Pick<TlsRequest, 'servername' | 'request' | 'certificate' | 'session'>> = {},
): Promise<RequestOutcome> {
  return connections.request({
    servername,
    version,
    request,
    ...(alpn !== null && { alpn: [alpn] }),
    ...changes,
  });
}

/** A credential as a connection takes it. */
export function certificateOf({ chain, privateKey }: MintedCredential): RequestCertificate {
  return { chain, key: privateKey };
}
