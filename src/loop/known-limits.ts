import type { ConfigTarget } from '../config/config-target.js';
import type { ProbeReport } from '../probe/probe-report.js';
import type { ProofRow } from '../probe/proof-row.js';
import type { KnownLimit } from '../probe/proved-server.js';
import { summaryOf, verdictOf } from '../probe/verdict.js';

/** What a proof comes to where its server is known to be unable to do something: the rows that fail for that, and only those,
 *  are advice; and where such a row does not fail, what is known is no longer true.
 *  @returns the report, and the limits that were met with */
export function settleKnownLimits(
  report: ProbeReport,
  target: LimitedTarget,
): { readonly report: ProbeReport; readonly limits: readonly KnownLimit[] } {
  const weakness = WEAKNESSES.find(({ isOf }) => isOf(target));
  if (weakness === undefined || report.proof === null) return { report, limits: [] };
  const isAsked = ({ credential, expected }: ProofRow): boolean =>
    expected === 'refuse' && weakness.rows.test(credential);
  const proof = report.proof.map((row) => (isAsked(row) ? settled(row, weakness, target) : row));
  const accepted = proof.filter((row, at) => row !== report.proof![at] && row.status === 'advisory');
  const { checks } = report;
  const summary = summaryOf(checks, proof);
  return {
    report: { ...report, proof, summary, verdict: verdictOf(checks, proof, 'high') },
    limits: accepted.length === 0 ? [] : [limitOf(accepted, `${target.name} ${weakness.what}`)],
  };
}

type LimitedTarget = Pick<ConfigTarget, 'name' | 'checksRevocation' | 'checksIssuers'>;

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
