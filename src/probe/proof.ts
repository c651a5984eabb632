import type { MintedCredential } from '../credentials/credential.js';
import type { RequestOutcome } from '../tls/request-outcome.js';
import type { Connections } from './connections.js';
import { judgeBad, judgeGood, type RowDraft, type TwinSighting, unmadeRow } from './judge-row.js';
import type { RequestVersion } from './observations.js';
import type { ProofAdvice } from './proof-advice.js';
import type { CredentialSet, ShownCredential } from './proof-credentials.js';
import type { ProofRow, Sighting } from './proof-row.js';
import { sightingOf } from './sighting.js';

/** What to prove, where. */
export interface ProofPlan {
  readonly connections: Connections;
  readonly servername: string | null;
  /** The request for each path. */
  readonly requests: ReadonlyMap<string, Uint8Array>;
  /** What to show in each version that the endpoint speaks. */
  readonly credentials: ReadonlyMap<RequestVersion, CredentialSet>;
  /** What an answer to a client that was let in matches; null where any answer is one. */
  readonly expect: RegExp | null;
  readonly advice: ProofAdvice;
  readonly onRow?: (row: ProofRow) => void;
}

/** Shows every credential on every path in every version, and judges what comes of it. */
export async function prove(plan: ProofPlan): Promise<ProofRow[]> {
  const rounds = [...plan.requests].flatMap(([path, request]) =>
    [...plan.credentials].map(([version, credentials]) => ({ plan, path, request, version, credentials })),
  );
  const rows = await Promise.all(rounds.map(proveRound));
  return rows.flat();
}

/** One path in one version: `good` first, then all the others at once, `good` again. */
interface Round {
  readonly plan: ProofPlan;
  readonly path: string;
  readonly request: Uint8Array;
  readonly version: RequestVersion;
  readonly credentials: CredentialSet;
}

async function proveRound(round: Round): Promise<ProofRow[]> {
  const { plan, credentials } = round;
  const [good, ...others] = credentials.credentials as [ShownCredential, ...ShownCredential[]];
  const before = good.notMade === null ? await show(round, good, null) : null;
  const rows = isUnanswered(before)
    ? notRun(round, good, others, before!)
    : await showAll(round, good, others, before);
  for (const row of rows) plan.onRow?.(row);
  return rows;
}

/** @param before what came of `good`; null where there is none to show, and nothing can be proven */
async function showAll(
  round: Round,
  good: ShownCredential,
  others: readonly ShownCredential[],
  before: Attempt | null,
): Promise<ProofRow[]> {
  const { advice } = round.plan;
  const outcome = before?.outcome ?? null;
  const [attempts, twins] = await Promise.all([
    Promise.all(others.map((one) => (one.notMade === null ? showTwiceIfSilent(round, one, outcome) : null))),
    showTwins(round, outcome),
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
  return [goodRow(before), ...bad, ...(after === null ? [] : [goodRow(after)])];
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

function present({ plan, version, request }: Round, shown: MintedCredential | null): Promise<RequestOutcome> {
  const { connections, servername } = plan;
  const certificate = shown && { chain: shown.chain, key: shown.privateKey };
  const asked = { servername, version, request, certificate };
  return shown?.ownEngine ? connections.rawRequest(asked) : connections.request(asked);
}

function draftOf({ path, version }: Round, one: ShownCredential, outcome: RequestOutcome | null): RowDraft {
  const { id, expected, severity } = one.credential;
  return {
    credential: id,
    tlsVersion: version,
    alpn: outcome?.alpn ?? null,
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
const NO_TWIN: TwinSighting = 'not-run';
const NOTHING_RUN = { good: 'not-run', own: null } as const;
