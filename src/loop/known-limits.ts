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
  { name, checksRevocation }: Pick<ConfigTarget, 'name' | 'checksRevocation'>,
): { readonly report: ProbeReport; readonly limits: readonly KnownLimit[] } {
  if (checksRevocation || report.proof === null) return { report, limits: [] };
  const proof = report.proof.map((row) => (asksAboutRevocation(row) ? settled(row, name) : row));
  const accepted = proof.filter((row, at) => row !== report.proof![at] && row.status === 'advisory');
  const credentials = [...new Set(accepted.map(({ credential }) => credential))];
  const { checks } = report;
  return {
    report: {
      ...report,
      proof,
      summary: summaryOf(checks, proof),
      verdict: verdictOf(checks, proof, 'high'),
    },
    limits:
      accepted.length === 0
        ? []
        : [{ limit: `${name} cannot check CRLs`, credentials, rows: accepted.length }],
  };
}

/** Rows that must be refused for nothing but a revocation. */
function asksAboutRevocation({ credential, expected }: ProofRow): boolean {
  return expected === 'refuse' && /^revoked|-after-revocation$/.test(credential);
}

function settled(row: ProofRow, name: string): ProofRow {
  const [seen = ''] = row.evidence.split('; ');
  if (row.status === 'fail' && row.observed === 'accepted') {
    const evidence = `${seen}: as it must be expected, for ${name} cannot check CRLs; ${ADVICE}`;
    return { ...row, status: 'advisory', evidence };
  }
  if (row.status !== 'pass') return row;
  return {
    ...row,
    status: 'fail',
    evidence: `refused (${seen}), although ${name} is said to be unable to check CRLs; \`checksRevocation: false\` of this target is out of date`,
  };
}

const ADVICE =
  'let certificates for it live for hours instead of years, or put a server that checks CRLs in front';
