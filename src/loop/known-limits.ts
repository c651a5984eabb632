import type { ConfigTarget } from '../config/config-target.js';
import type { CheckResult } from '../probe/check.js';
import type { ProbeReport } from '../probe/probe-report.js';
import type { ProofRow } from '../probe/proof-row.js';
import type { KnownLimit } from '../probe/proved-server.js';
import { overallVerdict, summaryOf, verdictOf } from '../probe/verdict.js';

/** What a proof comes to where its server is known to be unable to do something: the rows that fail for that, and only those,
 *  are advice; and where such a row does not fail, what is known is no longer true. Checks that fail for what the server does by
 *  itself do not count; all others count from medium on, undecided ones too: we run the server, so there is no excuse.
 *  @returns the report, and the limits that were met with */
export function settleKnownLimits(
  report: ProbeReport,
  target: LimitedTarget,
): { readonly report: ProbeReport; readonly limits: readonly KnownLimit[] } {
  if (report.proof === null) return { report: unseen(report), limits: [] };
  const rows = settledRows(report.proof, target);
  const own = ownFindings(report.checks, target);
  const counted = report.checks.filter(({ id }) => !own.checks.includes(id));
  const checks = report.checks.map((check) =>
    own.checks.includes(check.id) ? expectedOf(check, own.limit) : check,
  );
  return {
    report: {
      ...report,
      checks,
      proof: rows.proof,
      summary: summaryOf(checks, rows.proof),
      verdict: verdictOf(counted, rows.proof, 'medium'),
    },
    limits: [...rows.limits, ...(own.checks.length === 0 ? [] : [own])],
  };
}

/** What was looked at besides counts where no proof came about, but makes no pass of that. */
function unseen(report: ProbeReport): ProbeReport {
  const { checks } = report;
  const verdict = overallVerdict([report.verdict, verdictOf(checks, null, 'medium')]);
  return { ...report, summary: summaryOf(checks, null), verdict };
}

function settledRows(
  before: readonly ProofRow[],
  target: LimitedTarget,
): { readonly proof: readonly ProofRow[]; readonly limits: readonly KnownLimit[] } {
  const weakness = WEAKNESSES.find(({ isOf }) => isOf(target));
  if (weakness === undefined) return { proof: before, limits: [] };
  const isAsked = ({ credential, expected }: ProofRow): boolean =>
    expected === 'refuse' && weakness.rows.test(credential);
  const proof = before.map((row) => (isAsked(row) ? settled(row, weakness, target) : row));
  const accepted = proof.filter((row, at) => row !== before[at] && row.status === 'advisory');
  return {
    proof,
    limits: accepted.length === 0 ? [] : [limitOf(accepted, `${target.name} ${weakness.what}`)],
  };
}

/** What failed of all that the server does by itself. */
function ownFindings(
  checks: readonly CheckResult[],
  { name, ownFindings: own }: LimitedTarget,
): KnownLimit & { readonly checks: readonly string[] } {
  const failed = checks.filter(({ id, status }) => status === 'fail' && own?.checks.includes(id));
  return { limit: `${name} ${own?.why}`, credentials: [], rows: 0, checks: failed.map(({ id }) => id) };
}

/** It stays a check that failed, and says why nobody need do what helps elsewhere. */
function expectedOf(check: CheckResult, limit: string): CheckResult {
  return {
    ...check,
    evidence: `${check.evidence}: as it must be expected, for ${limit}`,
    remediation: 'Nothing in its configuration file changes it; a newer build of the server may.',
  };
}

type LimitedTarget = Pick<ConfigTarget, 'name' | 'checksRevocation' | 'checksIssuers' | 'ownFindings'>;

/** Something that a server cannot do, and the rows that ask for nothing but that. */
interface Weakness {
  readonly isOf: (target: LimitedTarget) => boolean;
  /** What stands in the target's own file for it. */
  readonly field: string;
  /** After its name. */
  readonly what: string;
  readonly rows: RegExp;
  readonly advice: string;
}

const WEAKNESSES: readonly Weakness[] = [
  {
    isOf: ({ checksRevocation }) => !checksRevocation,
    field: 'checksRevocation: false',
    what: 'cannot check CRLs',
    rows: /^revoked|-after-revocation$/,
    advice:
      'let certificates for it live for hours instead of years, or put a server that checks CRLs in front',
  },
  {
    isOf: ({ checksIssuers }) => checksIssuers === false,
    field: 'checksIssuers: false',
    what: 'looks for the client alone in CRLs, and for no CA above it',
    rows: /^revoked-issuer$/,
    advice: 'put a server that checks all CRLs in front, or have a new root where an issuing CA was revoked',
  },
];

function settled(row: ProofRow, { what, field, advice }: Weakness, { name }: LimitedTarget): ProofRow {
  const [seen = ''] = row.evidence.split('; ');
  if (row.status === 'fail' && row.observed === 'accepted') {
    const evidence = `${seen}: as it must be expected, for ${name} ${what}; ${advice}`;
    return { ...row, status: 'advisory', evidence };
  }
  if (row.status !== 'pass') return row;
  const evidence = `refused (${seen}), although it is said that ${name} ${what}; \`${field}\` of this target is out of date`;
  return { ...row, status: 'fail', evidence };
}

function limitOf(accepted: readonly ProofRow[], limit: string): KnownLimit {
  const credentials = [...new Set(accepted.map(({ credential }) => credential))];
  return { limit, credentials, rows: accepted.length };
}
