import type { MintedCredential } from '../credentials/credential.js';
import type { RequestOutcome } from '../tls/request-outcome.js';
import type { Connections } from './connections.js';
import { certificateOf, type DetourScene, type DetourScope, type ShownIdentity } from './detour.js';
import { detourRows, type TakenDetour, takeDetours, untakenDetours } from './detour-rows.js';
import { judgeBad, judgeGood, type RowDraft, type TwinSighting, unmadeRow } from './judge-row.js';
import type { LiveRevocation } from './live-revocation.js';
import type { RequestVersion } from './observations.js';
import type { ProofAdvice } from './proof-advice.js';
import type { CredentialSet, ShownCredential } from './proof-credentials.js';
import type { ProofRow, Sighting } from './proof-row.js';
import { revokeLive } from './revoke-live.js';
import { sightingOf } from './sighting.js';

/** What to prove, where. */
export interface ProofPlan {
  readonly connections: Connections;
  readonly servername: string | null;
  /** The request for each path. */
  readonly requests: ReadonlyMap<string, Uint8Array>;
  /** What to show in each version that the endpoint speaks, newest last. */
  readonly credentials: ReadonlyMap<RequestVersion, CredentialSet>;
  /** What ALPN is to agree upon in each of them, all of which is tried; null is no ALPN. */
  readonly protocols: ReadonlyMap<RequestVersion, ReadonlyArray<string | null>>;
  /** Who may have which path, for each version. */
  readonly identities: ReadonlyMap<RequestVersion, readonly ShownIdentity[]>;
  /** A client of the CA that is nobody in particular; null where there is none but good. */
  readonly bystander: MintedCredential | null;
  /** DNS names beside our own in the certificate of the server. */
  readonly otherNames: readonly string[];
  /** Null where nothing may be revoked. */
  readonly live: LiveRevocation | null;
  /** What an answer to a client that was let in matches; null where any answer is one. */
  readonly expect: RegExp | null;
  readonly advice: ProofAdvice;
  readonly onRow?: (row: ProofRow) => void;
}

/** Shows every credential on every path in every version and protocol, takes every detour, and judges what comes of it. What
 *  changes the CA comes last. */
export async function prove(plan: ProofPlan): Promise<ProofRow[]> {
  const rounds = roundsOf(plan);
  const proven = await Promise.all(rounds.map(proveRound));
  for (const [at, round] of rounds.entries()) {
    if (plan.live === null || !round.scopes.has('version')) continue;
    const rows = await proveLive(round, proven[at]!, plan.live);
    proven[at]!.rows.splice(-1, 0, ...rows);
    for (const row of rows) plan.onRow?.(row);
  }
  return proven.flatMap(({ rows }) => rows);
}

/** One path in one version over one protocol: `good` first, then all the others at once, `good` again. */
interface Round {
  readonly plan: ProofPlan;
  readonly path: string;
  readonly request: Uint8Array;
  readonly version: RequestVersion;
  /** What ALPN is to agree upon; null for no ALPN. */
  readonly alpn: string | null;
  readonly credentials: CredentialSet;
  /** Which detours are taken in this round. */
  readonly scopes: ReadonlySet<DetourScope>;
}

function roundsOf(plan: ProofPlan): Round[] {
  const newest = [...plan.credentials.keys()].at(-1);
  return [...plan.requests].flatMap(([path, request], pathAt) =>
    [...plan.credentials].flatMap(([version, credentials]) =>
      (plan.protocols.get(version) ?? [null]).map((alpn, protocolAt) => {
        const scopes = new Set<DetourScope>(['round']);
        if (protocolAt === 0) scopes.add('path and version');
        if (protocolAt === 0 && pathAt === 0) scopes.add('version');
        if (protocolAt === 0 && version === newest) scopes.add('path');
        return { plan, path, request, version, alpn, credentials, scopes };
      }),
    ),
  );
}

interface ProvenRound {
  readonly rows: ProofRow[];
  /** Null where the good client was not let in. */
  readonly scene: DetourScene | null;
  readonly good: TwinSighting;
}

async function proveRound(round: Round): Promise<ProvenRound> {
  const { plan, credentials } = round;
  const [good, ...others] = credentials.credentials as [ShownCredential, ...ShownCredential[]];
  const before = good.notMade === null ? await show(round, good, null) : null;
  const proven = isUnanswered(before)
    ? { rows: notRun(round, good, others, before!), scene: null, good: 'not-run' as const }
    : await showAll(round, good, others, before);
  for (const row of proven.rows) plan.onRow?.(row);
  return proven;
}

/** @param before what came of `good`; null where there is none to show, and nothing can be proven */
async function showAll(
  round: Round,
  good: ShownCredential,
  others: readonly ShownCredential[],
  before: Attempt | null,
): Promise<ProvenRound> {
  const { advice } = round.plan;
  const outcome = before?.outcome ?? null;
  const shows = (one: ShownCredential): Promise<Attempt | null> =>
    one.notMade === null ? showTwiceIfSilent(round, one, outcome) : Promise.resolve(null);
  const none = others.find(({ credential }) => credential.id === 'none');
  const stranger = none && shows(none);
  const scene = before && stranger ? sceneOf(round, good, before, stranger) : null;
  // what takes several connections one after the other begins first
  const takingDetours =
    scene === null
      ? untakenDetours(identitiesOf(round), round.scopes, whyNoScene(before, good))
      : takeDetours(scene, round.scopes);
  const [attempts, twins, detours] = await Promise.all([
    Promise.all(others.map((one) => (one === none ? stranger! : shows(one)))),
    showTwins(round, outcome),
    takingDetours,
  ]);
  const after = before === null ? null : await show(round, good, null);
  const goodTwin = before && after ? twinOf(before.sighting, after.sighting) : 'not-run';
  const bad = others.map((one, at) => {
    const attempt = attempts[at];
    if (!attempt) return unmadeRow(draftOf(round, one, null), one.notMade ?? '');
    if (one.shown?.ownEngine && attempt.sighting.observed === 'not-sent')
      return unmadeRow(attempt.draft, OWN_ENGINE);
    const own = one.credential.twin === undefined ? null : (twins.get(one.credential.twin.id) ?? NO_TWIN);
    return judgeBad(one.credential, attempt.draft, attempt.sighting, { good: goodTwin, own }, advice);
  });
  const goodRow = (attempt: Attempt | null): ProofRow =>
    attempt === null
      ? unmadeRow(draftOf(round, good, null), good.notMade ?? '')
      : judgeGood(attempt.draft, attempt.sighting, advice);
  const rows = [
    goodRow(before),
    ...bad,
    ...rowsOf(round, detours, goodTwin),
    ...(after === null ? [] : [goodRow(after)]),
  ];
  return { rows, scene, good: goodTwin };
}

/** Detours compare with what a good client gets: without that there is nothing to try. */
function sceneOf(
  round: Round,
  good: ShownCredential,
  { outcome, sighting }: Attempt,
  stranger: Promise<Attempt | null>,
): DetourScene | null {
  if (sighting.observed !== 'accepted' || good.shown === null) return null;
  const { connections, servername, expect, bystander, otherNames, requests } = round.plan;
  const { path, request, version, alpn, credentials } = round;
  const selfSigned = credentials.credentials.find(({ credential }) => credential.id === 'self-signed');
  return {
    ...{ connections, servername, expect, bystander, otherNames, requests, path, request, version, alpn },
    ...identitiesOf(round),
    good: { shown: good.shown, outcome },
    stranger: stranger.then((attempt) => attempt!.outcome),
    selfSigned: selfSigned?.shown ?? null,
    afterRevocation: null,
  };
}

function identitiesOf({ plan, version }: Round): Pick<DetourScene, 'identities'> {
  return { identities: plan.identities.get(version) ?? [] };
}

function whyNoScene(before: Attempt | null, good: ShownCredential): string {
  if (before === null) return good.notMade ?? '';
  return `good was not let in (${before.sighting.evidence}), so there is nothing to compare with`;
}

function rowsOf(
  { plan, version, alpn, path }: Round,
  detours: readonly TakenDetour[],
  good: TwinSighting,
): ProofRow[] {
  const place = { tlsVersion: version, alpn, path };
  return detours.flatMap((taken) => detourRows(taken, place, good, plan.advice));
}

/** A client is revoked only where good ones are let in. */
async function proveLive(
  round: Round,
  { scene, good }: ProvenRound,
  live: LiveRevocation,
): Promise<ProofRow[]> {
  if (scene === null) {
    const untaken = untakenDetours({ identities: [] }, LIVE, 'good was not let in, so nothing was revoked');
    return rowsOf(round, untaken, good);
  }
  const afterRevocation = await revokeLive(scene, live, round.credentials.keyType);
  return rowsOf(round, await takeDetours({ ...scene, afterRevocation }, LIVE), good);
}

interface Attempt {
  readonly draft: RowDraft;
  readonly outcome: RequestOutcome;
  readonly sighting: Sighting;
}

async function show(round: Round, one: ShownCredential, good: RequestOutcome | null): Promise<Attempt> {
  const outcome = await present(round, one.shown);
  const sighting = sightingOf(outcome, { good, expect: round.plan.expect });
  return { outcome, sighting, draft: draftOf(round, one, outcome) };
}

/** A close without a word may be chance: it has to come twice. */
async function showTwiceIfSilent(...args: Parameters<typeof show>): Promise<Attempt> {
  const first = await show(...args);
  return first.sighting.how === 'closed' ? show(...args) : first;
}

/** The faultless sides of the credentials whose fault is in an intermediate. */
async function showTwins(
  round: Round,
  good: RequestOutcome | null,
): Promise<ReadonlyMap<string, TwinSighting>> {
  const seen = [...round.credentials.twins].map(async ([id, twin]) => {
    const { observed } = sightingOf(await present(round, twin), { good, expect: round.plan.expect });
    const told: TwinSighting = observed === 'accepted' || observed === 'refused' ? observed : 'not-run';
    return [id, told] as const;
  });
  return new Map(await Promise.all(seen));
}

function present(
  { plan, version, request, alpn }: Round,
  shown: MintedCredential | null,
): Promise<RequestOutcome> {
  const { connections, servername } = plan;
  const certificate = shown && certificateOf(shown);
  const asked = { servername, version, request, certificate, ...(alpn !== null && { alpn: [alpn] }) };
  return shown?.ownEngine ? connections.rawRequest(asked) : connections.request(asked);
}

function draftOf(
  { path, version, alpn }: Round,
  one: ShownCredential,
  outcome: RequestOutcome | null,
): RowDraft {
  const { id, expected, severity } = one.credential;
  return {
    credential: id,
    tlsVersion: version,
    alpn: outcome?.alpn ?? (outcome?.handshake === 'completed' ? null : alpn),
    path,
    keyType: one.shown?.keyType ?? null,
    expected,
    severity,
  };
}

function twinOf(before: Sighting, after: Sighting): TwinSighting {
  if (before.observed === 'accepted' && after.observed === 'accepted') return 'accepted';
  return before.observed === 'refused' || after.observed === 'refused' ? 'refused' : 'not-run';
}

function isUnanswered(before: Attempt | null): boolean {
  const kind = before?.outcome.ended.kind;
  return kind === 'unreachable' || kind === 'timeout';
}

/** Where nothing answers, the others are not worth the wait. */
function notRun(
  round: Round,
  good: ShownCredential,
  others: readonly ShownCredential[],
  before: Attempt,
): ProofRow[] {
  const { advice } = round.plan;
  const nothing: Sighting = {
    observed: 'inconclusive',
    how: null,
    alert: null,
    httpStatus: null,
    evidence: `not shown: ${good.credential.id} got ${before.sighting.evidence}`,
  };
  const bad = others.map((one) =>
    one.notMade === null
      ? judgeBad(one.credential, draftOf(round, one, null), nothing, NOTHING_RUN, advice)
      : unmadeRow(draftOf(round, one, null), one.notMade),
  );
  return [judgeGood(before.draft, before.sighting, advice), ...bad];
}

const OWN_ENGINE =
  'only our own engine sends it, which knows neither renegotiation nor suites of TLS 1.2 other than ECDHE with an AEAD';
const LIVE: ReadonlySet<DetourScope> = new Set(['live']);
const NO_TWIN: TwinSighting = 'not-run';
const NOTHING_RUN = { good: 'not-run', own: null } as const;
