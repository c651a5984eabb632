import type { Credential, MintedCredential } from '../credentials/credential.js';
import type { RequestOutcome } from '../tls/request-outcome.js';
import type { Connections } from './connections.js';
import { judgeBad, judgeGood, type RowDraft } from './judge-row.js';
import type { RequestVersion } from './observations.js';
import type { ProofAdvice } from './proof-advice.js';
import type { CredentialSet } from './proof-credentials.js';
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
  const [good, shown] = credentials.find(([{ id }]) => id === 'good')!;
  const before = await show(round, good, shown, null);
  if (before.outcome.ended.kind === 'unreachable' || before.outcome.ended.kind === 'timeout')
    return notRun(round, good, before);
  const others = credentials.filter(([{ id }]) => id !== 'good');
  const attempts = await Promise.all(
    others.map(async ([credential, certificate]) => ({
      credential,
      attempt: await showTwiceIfSilent(round, credential, certificate, before.outcome),
    })),
  );
  const after = await show(round, good, shown, null);
  const twin = twinOf(before.sighting, after.sighting);
  const rows = [
    judgeGood(before.draft, before.sighting, plan.advice),
    ...attempts.map(({ credential, attempt }) =>
      judgeBad(credential, attempt.draft, attempt.sighting, twin, plan.advice),
    ),
    judgeGood(after.draft, after.sighting, plan.advice),
  ];
  for (const row of rows) plan.onRow?.(row);
  return rows;
}

interface Attempt {
  readonly draft: RowDraft;
  readonly outcome: RequestOutcome;
  readonly sighting: Sighting;
}

async function show(
  { plan, path, request, version }: Round,
  credential: Credential,
  shown: MintedCredential | null,
  good: RequestOutcome | null,
): Promise<Attempt> {
  const { connections, servername, expect } = plan;
  const certificate = shown && { chain: shown.chain, key: shown.privateKey };
  const outcome = await connections.request({ servername, version, request, certificate });
  const { id, expected, severity } = credential;
  return {
    outcome,
    sighting: sightingOf(outcome, { good, expect }),
    draft: {
      credential: id,
      tlsVersion: version,
      alpn: outcome.alpn,
      path,
      keyType: shown?.keyType ?? null,
      expected,
      severity,
    },
  };
}

/** A close without a word may be chance: it has to come twice. */
async function showTwiceIfSilent(...args: Parameters<typeof show>): Promise<Attempt> {
  const first = await show(...args);
  return first.sighting.how === 'closed' ? show(...args) : first;
}

function twinOf(before: Sighting, after: Sighting): ProofRow['twin'] {
  if (before.observed === 'accepted' && after.observed === 'accepted') return 'accepted';
  return before.observed === 'refused' || after.observed === 'refused' ? 'refused' : 'not-run';
}

/** Where nothing answers, the others are not worth the wait. */
function notRun({ plan, credentials }: Round, good: Credential, before: Attempt): ProofRow[] {
  const nothing: Sighting = {
    observed: 'inconclusive',
    how: null,
    alert: null,
    httpStatus: null,
    evidence: `not shown: good got ${before.sighting.evidence}`,
  };
  const others = credentials.filter(([credential]) => credential !== good);
  const rows = [
    judgeGood(before.draft, before.sighting, plan.advice),
    ...others.map(([credential, shown]) => {
      const { id, expected, severity } = credential;
      const draft = { ...before.draft, credential: id, expected, severity, keyType: shown?.keyType ?? null };
      return judgeBad(credential, draft, nothing, 'not-run', plan.advice);
    }),
  ];
  for (const row of rows) plan.onRow?.(row);
  return rows;
}
