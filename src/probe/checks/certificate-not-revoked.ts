import { type Check, type Finding, fail, inconclusive, notApplicable, pass } from '../check.js';
import { eachChain } from '../each-chain.js';
import type { RevocationFact } from '../revocation-facts.js';

/** What a staple, the local CRLs and, where they were asked, the CRLs and responders that the certificates name say. */
export const certificateNotRevoked: Check = {
  id: 'certificate-not-revoked',
  title: 'Shows no certificate that is revoked',
  severity: 'critical',
  citation: 'RFC 5280 §6.3; RFC 6960 §3.2',
  remediation: 'Issue a new certificate with a new key, put it in place and reload the server.',
  run: (observations) =>
    eachChain(observations, ({ revocation, trust }) => {
      const told = revocation.filter(({ kind, status }) => kind !== 'staple' || status !== 'unknown');
      if (told.length > 0) return judged(told);
      if (!observations.revocationAsked) return notApplicable('ask with --check-revocation');
      return notApplicable(
        trust.kind === 'trusted'
          ? 'the certificates name no CRL and no OCSP responder over HTTP'
          : 'the chain leads to no anchor, so that its addresses are not asked',
      );
    }),
};

/** A certificate of which one source says that it is good is good; one that no source speaks of is not known. */
function judged(facts: readonly RevocationFact[]): Finding {
  const revoked = facts.filter(({ status }) => status === 'revoked');
  if (revoked.length > 0) return fail(inWords(revoked));
  const subjects = [...new Set(facts.map(({ subject }) => subject))];
  const unknown = subjects.filter(
    (one) => !facts.some(({ subject, status }) => subject === one && status === 'good'),
  );
  return unknown.length > 0
    ? inconclusive(inWords(facts.filter(({ subject }) => unknown.includes(subject))))
    : pass(inWords(facts));
}

function inWords(facts: readonly RevocationFact[]): string {
  return facts.map(({ source, subject, why }) => `${source} on ${subject}: ${why}`).join('; ');
}
