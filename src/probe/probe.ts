import type { MintedCredential } from '../credentials/credential.js';
import type { PresentedCredential } from '../credentials/presented-credential.js';
import type { Policy } from '../policy/policy.js';
import { serverNameOf } from '../tls/client-extensions.js';
import { DEFAULT_LIMITS, type Target } from '../tls/connect.js';
import { STARTTLS } from '../tls/starttls/protocols.js';
import type { Starttls } from '../tls/starttls/starttls-protocol.js';
import { parseIpAddress } from '../x509/ip-address.js';
import { commonNameOf } from '../x509/name.js';
import { askByHttp } from './ask-revocation.js';
import { buildReport, type ReportBasis, silenceError, unreachedReport } from './build-report.js';
import { type CheckResult, runCheck } from './check.js';
import { CHECKS } from './checks/index.js';
import { refinedClientAuth } from './client-auth.js';
import type { ConnectionBudget } from './connection-budget.js';
import { Connections } from './connections.js';
import { type FirstHello, firstHello } from './first-hello.js';
import { plainPortOf } from './gather-http.js';
import { getRequest, type HeaderField } from './http-request.js';
import type { IdentityWish } from './identity-wish.js';
import { isBundledRoot, judgeChains } from './judge-chains.js';
import { kitTrust } from './kit-source.js';
import type { DeployCrl } from './live-revocation.js';
import type { DeployMadeCrls } from './made-crls.js';
import type { Observations } from './observations.js';
import { observe } from './observe.js';
import type { HttpVersion } from './plan-proof.js';
import type { ProbeReport } from './probe-report.js';
import { type ProbeTarget, parseProbeTarget } from './probe-target.js';
import { goodBeforehand, goodSubject, withGood } from './proof-credentials.js';
import type { ProofRow } from './proof-row.js';
import type { ProofSource, ProvingAuthority } from './proof-source.js';
import type { ProofKit } from './read-proof-kit.js';
import { ownCAs, proofSource, runProof } from './run-proof.js';
import type { Severity } from './severity.js';
import { localTrust, nodeTrust, type TrustSource } from './trust.js';
import { unreachableError } from './unreachable-error.js';

export interface ProbeOptions {
  /** server_name, Host and the name that the certificate must be for; the target's host by default. */
  readonly servername?: string;
  /** Where trust anchors come from, in order; the CA's root and Node's own roots by default. */
  readonly trust?: readonly TrustSource[];
  /** The local CA, which a proof makes its credentials with. */
  readonly ca?: ProvingAuthority;
  /** What that CA's owner gave along instead of it. */
  readonly kit?: ProofKit;
  /** Shows good and bad client certificates and tells which were let in: all of them with `ca`, else what can be made. */
  readonly proveMtls?: boolean;
  /** Shown as `good` instead of one that is made for the proof. */
  readonly client?: PresentedCredential;
  /** Where to send requests; `/` by default. */
  readonly paths?: readonly string[];
  /** Header fields to send with every request. */
  readonly headers?: readonly HeaderField[];
  /** What an answer to a client that was let in matches. */
  readonly expect?: RegExp;
  /** The only version of HTTP that a proof speaks; HTTP/1.1 by default, and HTTP/2 too where the server has it. */
  readonly http?: HttpVersion;
  /** Whose path is whose: no other client of the CA may have it. Needs `ca`. */
  readonly identities?: readonly IdentityWish[];
  /** Makes a client, revokes it, and sees what it still gets. Needs `ca`. */
  readonly revokeLive?: boolean;
  /** Brings the new CRL to the servers. */
  readonly deployCrl?: DeployCrl;
  /** How long the servers may take until they have the new CRL, in milliseconds; 10,000 by default. */
  readonly deploymentMs?: number;
  /** Brings the CRLs of CAs that the proof makes for itself to the servers, before it shows what those have issued. Without
   *  it a server that checks CRLs refuses all of that, and for want of a CRL. */
  readonly deployMadeCrls?: DeployMadeCrls;
  /** Ask the CRLs and OCSP responders that the certificates name; off by default, for it goes out to other hosts. */
  readonly checkRevocation?: boolean;
  /** What to measure the endpoint against; without one no check of a policy runs. */
  readonly policy?: Policy;
  /** From which severity on a failed check fails the verdict; high by default. */
  readonly failOn?: Severity;
  /** With as few connections as can be, two at once, instead of in as little time. */
  readonly gentle?: boolean;
  /** How many connections may be open at once; 32 by default, 2 where gentle, 4 for STARTTLS. */
  readonly concurrency?: number;
  /** Shared with other probes that go on at the same time. */
  readonly budget?: ConnectionBudget;
  /** For each connection, in milliseconds; 5,000 by default. */
  readonly timeoutMs?: number;
  readonly now?: () => Date;
  /** What the report says it was made by. */
  readonly version?: string;
  /** Called with every result as it comes. */
  readonly onResult?: (result: CheckResult | ProofRow) => void;
}

/** Looks at a TLS endpoint: what it speaks, what it shows, whom it lets in. An endpoint that cannot be reached gives a
 *  report too. @throws SslapiError where the target is none, or the CA's key does not open */
export async function probe(target: string | ProbeTarget, options: ProbeOptions = {}): Promise<ProbeReport> {
  const endpoint = typeof target === 'string' ? parseProbeTarget(target) : target;
  const source = await proofSource(options);
  const basis = basisOf(endpoint, options);
  const timeoutMs = options.timeoutMs ?? DEFAULT_LIMITS.timeoutMs;
  const wanted: Target = { ...endpoint, domain: nameOf(endpoint, options) };
  const { budget = null } = options;
  const reached = await new Connections(wanted, 1, timeoutMs, budget).use((there, allowedMs) =>
    firstHello(there, basis.target.servername, allowedMs),
  );
  if ('why' in reached) return unreachedReport(basis, unreachableError(endpoint, reached), 1);
  const address = reached.address ?? endpoint.address ?? null;
  const there = address === null ? wanted : { ...wanted, address };
  const connections = new Connections(there, concurrencyOf(endpoint, options), timeoutMs, budget);
  return look(
    { ...basis, target: { ...basis.target, address } },
    connections,
    { endpoint, reached, source },
    options,
  );
}

async function look(
  basis: ReportBasis,
  connections: Connections,
  { endpoint, reached, source: asked }: Reaching,
  options: ProbeOptions,
): Promise<ProbeReport> {
  const { servername } = basis.target;
  const { starttls } = endpoint;
  const host = nameOf(endpoint, options);
  const requestsFor = (paths: readonly string[]): Map<string, Uint8Array> =>
    new Map(
      paths.map((path) => [
        path,
        starttls ? STARTTLS[starttls].farewell : getRequest(endpoint, host, path, options.headers),
      ]),
    );
  const requests = requestsFor(options.paths?.length ? options.paths : ['/']);
  const identityRequests = requestsFor((options.identities ?? []).map(({ path }) => path));
  const client = options.client ?? null;
  const plainPort = starttls ? null : plainPortOf(endpoint.port);
  const gentle = options.gentle === true || starttls !== undefined;
  const good = client ? null : await goodFor(asked, reached, basis.startedAt);
  const source = asked && good ? withGood(asked, good) : asked;
  const observed = await observe(connections, {
    servername,
    host,
    requests,
    client,
    plainPort,
    gentle,
    first: reached.outcome,
    insider: client ?? good,
  });
  const isSpoken = Object.values(observed.scan.protocols).some(({ value }) => value === true);
  const error = isSpoken ? null : silenceError(endpoint, observed.handshakes);
  if (error !== null) return unreachedReport(basis, error, connections.count + 1);
  const at = basis.startedAt;
  const trust = options.trust ?? defaultTrust(options);
  const revocationAsked = options.checkRevocation === true;
  const askUrl = revocationAsked ? askByHttp(connections) : null;
  const seen: Observations = {
    ...observed,
    at,
    chains: await judgeChains(observed.scan.chains, { trust, at, isPublicRoot: isBundledRoot }, askUrl),
    revocationAsked,
    ...(starttls && { starttls: { protocol: starttls, leftover: reached.leftover } }),
    name: { type: parseIpAddress(host) === null ? 'dns' : 'ip', value: host },
    trust,
    ownCAs: ownCAs(source, trust),
    policy: options.policy ?? null,
  };
  const proof =
    source &&
    (await runProof(source, options, {
      connections,
      servername,
      requests: loginsFor(starttls, source, client) ?? requests,
      identityRequests,
      observations: seen,
    }));
  const observations = { ...seen, clientAuth: refinedClientAuth(seen.clientAuth, proof ?? []) };
  const checks = CHECKS.map((check) => {
    const result = runCheck(check, observations);
    options.onResult?.(result);
    return result;
  });
  return buildReport(basis, observations, checks, proof, connections.count + 1);
}

/** The good client of the proof, where the first hello was asked for one; null where nobody has to show a certificate. */
async function goodFor(
  source: ProofSource | null,
  { outcome }: FirstHello,
  now: Date,
): Promise<MintedCredential | null> {
  const request = outcome.kind === 'server-hello' ? outcome.flight.certificateRequest : null;
  return source === null || request === null ? null : goodBeforehand(source, request, now);
}

/** Where clients log in, what `good` says first: strangers take their leave instead, and leave no trace in a server's log. */
function loginsFor(
  starttls: ProbeTarget['starttls'],
  source: ProofSource,
  client: PresentedCredential | null,
): Map<string, Uint8Array> | null {
  const protocol: Starttls | undefined = starttls && STARTTLS[starttls];
  const login = protocol?.login;
  return login ? new Map([['/', login.request(commonNameOf(goodSubject(source, client)) ?? '')]]) : null;
}

/** An endpoint that was reached, and what to prove it with. */
interface Reaching {
  readonly endpoint: ProbeTarget;
  readonly reached: FirstHello;
  readonly source: ProofSource | null;
}

/** STARTTLS costs a server a greeting and more for each connection. */
function concurrencyOf({ starttls }: ProbeTarget, { concurrency, gentle }: ProbeOptions): number {
  return concurrency ?? (gentle ? 2 : starttls ? 4 : 32);
}

function defaultTrust({ ca, kit }: ProbeOptions): TrustSource[] {
  return [...(ca ? [localTrust(ca)] : []), ...(kit ? [kitTrust(kit)] : []), nodeTrust()];
}

/** What the endpoint is called. */
function nameOf(endpoint: ProbeTarget, { servername }: ProbeOptions): string {
  return endpoint.servername ?? servername ?? endpoint.host;
}

function basisOf(endpoint: ProbeTarget, options: ProbeOptions): ReportBasis {
  const { host, port, address = null, starttls } = endpoint;
  const { failOn, now, version } = options;
  const servername = serverNameOf(nameOf(endpoint, options));
  const clock = now ?? (() => new Date());
  return {
    tool: { name: 'sslapi', version: version ?? 'unknown' },
    target: { host, port, servername, address, ...(starttls && { starttls }) },
    startedAt: clock(),
    clockMs: performance.now(),
    failOn: failOn ?? 'high',
  };
}
