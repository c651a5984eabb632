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

/** What came of the faultless side of a credential. */
export type TwinSighting = ProofRow['twin'];

/** What a credential is held against: `good`, and its own twin where it has one. */
export interface Twins {
  readonly good: TwinSighting;
  readonly own: TwinSighting | null;
}

/** Judges a credential that is not `good`. Accepted is what it is, whatever became of others. A refusal proves something only
 *  where the faultless side was let in: `good`, before and after, and its own twin where the fault is an intermediate's. */
export function judgeBad(
  { id, expected, twin: faultless }: Pick<Credential, 'id' | 'expected' | 'twin'>,
  draft: RowDraft,
  sighting: Sighting,
  { good, own }: Twins,
  advice: ProofAdvice,
): ProofRow {
  const twin = own ?? good;
  const twinRefusedFor = faultless?.mayBeRefusedFor ?? '';
  const row = (status: ProofRow['status'], hint?: string): ProofRow =>
    finished(draft, sighting, status, twin, hint);
  switch (sighting.observed) {
    case 'accepted':
      return row(expected === 'refuse' ? 'fail' : 'advisory', adviceOnAccepted(id, advice));
    case 'refused':
      if (good !== 'accepted') return row('inconclusive', NOTHING_PROVEN);
      if (own === 'refused') return { ...row('advisory'), evidence: `${TWIN_REFUSED}: ${twinRefusedFor}` };
      return own === 'not-run' ? row('inconclusive', TWIN_NOT_RUN) : row('pass');
    case 'not-sent':
      return row(expected === 'refuse' ? 'inconclusive' : 'not-applicable');
    case 'inconclusive':
      return row('inconclusive');
  }
}

/** A credential of which there is none to show. Without `good` nothing is proven; without any other, only that is missing. */
export function unmadeRow(draft: RowDraft, why: string): ProofRow {
  const nothing: Sighting = { observed: 'not-sent', how: null, alert: null, httpStatus: null, evidence: why };
  return finished(draft, nothing, draft.credential === 'good' ? 'inconclusive' : 'not-applicable', 'not-run');
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

const NOTHING_PROVEN = 'good was not let in either, so this proves nothing';
const TWIN_REFUSED = 'refused, but so is its faultless twin';
const TWIN_NOT_RUN = 'what becomes of its faultless twin could not be seen, so this proves nothing';
/** RFC 8446 §4.6.2: what Apache does where a location alone wants a certificate. */
const LATER =
  'the server seems to ask after the handshake, for this page alone, which TLS 1.3 allows only to clients that offer it; require the certificate for the whole host, or see the rows of TLS 1.2';
