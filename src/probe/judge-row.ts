import type { Credential } from '../credentials/credential.js';
import { adviceOnAccepted, adviceOnGood, type ProofAdvice } from './proof-advice.js';
import type { ProofRow, Sighting } from './proof-row.js';

/** A row of which all is known but what to make of it. */
export type RowDraft = Omit<
  ProofRow,
  'status' | 'twin' | 'evidence' | 'observed' | 'how' | 'alert' | 'httpStatus'
>;

/** Judges `good`: an alert or the server's own page about certificates is a fault to be told; a 401, 403 or silence may
 *  have many reasons. */
export function judgeGood(draft: RowDraft, sighting: Sighting, advice: ProofAdvice): ProofRow {
  const { observed, how, httpStatus } = sighting;
  const row = (status: ProofRow['status'], hint?: string): ProofRow =>
    finished(draft, sighting, status, 'not-run', hint);
  if (observed === 'accepted') return row('pass');
  if (observed === 'not-sent' && draft.tlsVersion === 'TLSv1.3' && httpStatus === 403)
    return row('inconclusive', LATER);
  if (observed === 'not-sent' && advice.requested === false)
    return row('inconclusive', 'no certificate is asked for');
  if (observed !== 'refused') return row('inconclusive');
  if (how === 'alert' || httpStatus === 400 || httpStatus === 495 || httpStatus === 496)
    return row('fail', adviceOnGood(sighting, advice));
  if (how === 'closed')
    return row(
      'inconclusive',
      `Node closes so on a certificate it refuses; ${adviceOnGood(sighting, advice)}`,
    );
  if (httpStatus === 421) return row('inconclusive', 'give the name that the server knows with --servername');
  return row(
    'inconclusive',
    'the application turns this client away: show one that it knows with --client NAME, or send what it wants with --header-file',
  );
}

/** Judges a credential that must be refused: only with `good` let in, before and after, does a refusal prove anything. */
export function judgeBad(
  credential: Credential,
  draft: RowDraft,
  sighting: Sighting,
  twin: ProofRow['twin'],
  advice: ProofAdvice,
): ProofRow {
  switch (sighting.observed) {
    case 'accepted':
      return finished(draft, sighting, 'fail', twin, adviceOnAccepted(credential.id, advice));
    case 'refused':
      return twin === 'accepted'
        ? finished(draft, sighting, 'pass', twin)
        : finished(
            draft,
            sighting,
            'inconclusive',
            twin,
            'good was not let in either, so this proves nothing',
          );
    case 'not-sent':
    case 'inconclusive':
      return finished(draft, sighting, 'inconclusive', twin);
  }
}

function finished(
  draft: RowDraft,
  { observed, how, alert, httpStatus, evidence }: Sighting,
  status: ProofRow['status'],
  twin: ProofRow['twin'],
  hint?: string,
): ProofRow {
  const { credential, tlsVersion, alpn, path, keyType, expected, severity } = draft;
  const told = hint === undefined ? evidence : `${evidence}; ${hint}`;
  return {
    credential,
    tlsVersion,
    alpn,
    path,
    keyType,
    expected,
    observed,
    status,
    severity,
    how,
    alert,
    httpStatus,
    evidence: told,
    twin,
  };
}

/** RFC 8446 §4.6.2: what Apache does where a location alone wants a certificate. */
const LATER =
  'the server seems to ask after the handshake, for this page alone, which TLS 1.3 allows only to clients that offer it; require the certificate for the whole host, or see the rows of TLS 1.2';
