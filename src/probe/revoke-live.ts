import { setTimeout as pause } from 'node:timers/promises';
import { type OpenConnection, overOpenConnection } from '../tls/open-connection.js';
import type { RequestOutcome } from '../tls/request-outcome.js';
import { askOnScene, certificateOf, type DetourScene, type Trial } from './detour.js';
import { type TakenSession, takeSessions } from './detour-sessions.js';
import { requestWith } from './http-request.js';
import type { LiveClient, LiveRevocation } from './live-revocation.js';
import type { Sighting } from './proof-row.js';
import { sightingOf } from './sighting.js';

/** What became of a client that was let in, once it had been revoked; words where there was nothing to see. */
export interface AfterRevocation {
  readonly openConnection: readonly Trial[] | string;
  readonly resumed: readonly Trial[] | string;
}

/** Makes a client, lets it begin sessions and a connection, revokes it, has the CRL brought to the servers, and sees what it
 *  still gets. Never more than one connection is held while another one is waited for.
 *  @param keyType that the server takes */
export async function revokeLive(
  scene: DetourScene,
  live: LiveRevocation,
  keyType: Parameters<LiveRevocation['mint']>[0],
): Promise<AfterRevocation> {
  const client = await live.mint(keyType);
  const sessions = await sessionsOf(scene, client);
  const deployment = new Deployment(client, live);
  const openConnection = await onOpenConnection(scene, client, deployment);
  const failure = await deployment.begin();
  if (failure !== null) return { openConnection: undecided(failure), resumed: undecided(failure) };
  const last = await untilRefused(scene, client, deployment);
  const resumed = await Promise.all(
    [...sessions].map(([path, taken]) => afterwards(scene, client, { path, taken, last, deployment })),
  );
  return { openConnection, resumed: resumed.flat() };
}

/** Revocation and deployment, once, and the time since. */
class Deployment {
  readonly #client: LiveClient;
  readonly #live: LiveRevocation;
  #begun: Promise<string | null> | null = null;
  #revokedAtMs = 0;

  constructor(client: LiveClient, live: LiveRevocation) {
    this.#client = client;
    this.#live = live;
  }

  /** Why the CRL could not be deployed; null where it was, or nobody said how. */
  begin(): Promise<string | null> {
    this.#begun ??= this.#carryOut();
    return this.#begun;
  }

  /** How long it may take. */
  get ms(): number {
    return this.#live.deploymentMs;
  }

  /** How long ago, as a sentence has it. */
  get since(): string {
    const seconds = ((performance.now() - this.#revokedAtMs) / 1000).toFixed(1);
    return `${seconds} s after the revocation${this.#live.deploy === null ? NOT_DEPLOYED : ''}`;
  }

  async #carryOut(): Promise<string | null> {
    await this.#client.revoke();
    this.#revokedAtMs = performance.now();
    const failure = await this.#live.deploy?.();
    return failure ? `the new CRL was not deployed: ${failure}` : null;
  }
}

/** The CA has revoked, and no server knows of it: nothing follows from what they do. */
function undecided(failure: string): Trial[] {
  const sighting = { observed: 'inconclusive', how: null, alert: null, httpStatus: null } as const;
  return [{ what: 'nothing was tried', sighting: { ...sighting, evidence: failure } }];
}

async function sessionsOf(
  scene: DetourScene,
  { shown }: LiveClient,
): Promise<Map<string, readonly TakenSession[]>> {
  const certificate = certificateOf(shown);
  const taken = [...scene.requests].map(
    async ([path, request]) => [path, await takeSessions(scene, { certificate, request })] as const,
  );
  return new Map(await Promise.all(taken));
}

/** Asks, has the client revoked, and asks again and again, on one connection. */
async function onOpenConnection(
  scene: DetourScene,
  { shown }: LiveClient,
  deployment: Deployment,
): Promise<readonly Trial[] | string> {
  if (scene.good.outcome.http === null)
    return 'what is spoken is not HTTP: nothing is asked twice on a connection';
  const { connections, servername, version } = scene;
  const request = requestWith(scene.request, [['Connection', 'keep-alive']]);
  const sighted = (outcome: RequestOutcome): Sighting =>
    sightingOf(outcome, { good: scene.good.outcome, expect: scene.expect });
  const told = await connections.use((target, timeoutMs) => {
    const certificate = certificateOf(shown);
    const lifetimeMs = timeoutMs + OPEN_MS + deployment.ms;
    const asked = { target, servername, version, certificate, tickets: true, timeoutMs: lifetimeMs };
    return overOpenConnection(asked, async (connection): Promise<readonly Trial[] | string> => {
      const first = sighted(await connection.ask(request));
      if (first.observed !== 'accepted')
        return `the client was not let in before it was revoked: ${first.evidence}`;
      await pause(SETTLING_MS);
      if (connection.isOver) return 'the server closes the connection after each answer';
      const failure = await deployment.begin();
      if (failure !== null) return undecided(failure);
      const sighting = await askUntilRefused(connection, request, sighted);
      return [{ what: deployment.since, sighting, keyType: shown.keyType }];
    });
  });
  return typeof told === 'object' && 'kind' in told ? 'no connection came about' : told;
}

async function askUntilRefused(
  connection: OpenConnection,
  request: Uint8Array,
  sighted: (outcome: RequestOutcome) => Sighting,
): Promise<Sighting> {
  const until = performance.now() + OPEN_MS;
  for (;;) {
    const sighting = sighted(await connection.ask(request));
    if (sighting.observed !== 'accepted' || performance.now() >= until) return sighting;
    await pause(ASK_EVERY_MS);
  }
}

/** Full handshakes, until the server has refused several in a row: its old processes go one by one. */
async function untilRefused(
  scene: DetourScene,
  { shown }: LiveClient,
  deployment: Deployment,
): Promise<Trial> {
  const until = performance.now() + deployment.ms;
  let inARow = 0;
  let what = deployment.since;
  for (;;) {
    const outcome = await askOnScene(scene, { certificate: certificateOf(shown) });
    const sighting = sightingOf(outcome, { good: scene.good.outcome, expect: scene.expect });
    if (inARow === 0 || sighting.observed === 'accepted') what = deployment.since;
    inARow = sighting.observed === 'refused' ? inARow + 1 : 0;
    if (inARow >= REFUSALS_IN_A_ROW || performance.now() >= until)
      return { what: `a full handshake, ${what}`, sighting, keyType: shown.keyType };
    await pause(ASK_EVERY_MS);
  }
}

/** What a path gives to the sessions that were begun on it. Those that are not resumed end in a full handshake. */
async function afterwards(
  scene: DetourScene,
  { shown }: LiveClient,
  {
    path,
    taken,
    last,
    deployment,
  }: {
    readonly path: string;
    readonly taken: readonly TakenSession[];
    readonly last: Trial;
    readonly deployment: Deployment;
  },
): Promise<Trial[]> {
  const request = scene.requests.get(path) ?? scene.request;
  const certificate = certificateOf(shown);
  const replayed = await Promise.all(
    taken.map(async ({ kind, session }): Promise<Trial> => {
      const outcome = await askOnScene(scene, { request, certificate, session });
      const sent = outcome.resumed ? { ...outcome, certificateSent: null } : outcome;
      const sighting = sightingOf(sent, { good: scene.good.outcome, expect: scene.expect });
      const what = `${outcome.resumed ? 'resumed' : 'not resumed'} by ${kind}, ${deployment.since}`;
      return { what, sighting, path, keyType: shown.keyType };
    }),
  );
  return [{ ...last, path }, ...replayed];
}

/** How long an open connection is watched, in milliseconds. */
const OPEN_MS = 1_000;
const ASK_EVERY_MS = 100;
/** What a server does after its answer it does within this time. */
const SETTLING_MS = 50;
const REFUSALS_IN_A_ROW = 4;
const NOT_DEPLOYED = ', which nobody was told to deploy (--on-crl)';
