import { SslapiError } from '../../errors.js';
import { type DerReader, integer, readSmallInteger, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** Why a certificate was revoked, by its number, RFC 5280 §5.3.1; 7 is not used. */
export const CRL_REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  cACompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  removeFromCRL: 8,
  privilegeWithdrawn: 9,
  aACompromise: 10,
} as const;

export type CrlReason = keyof typeof CRL_REASONS;

/** The extension of a CRL entry; `unspecified` should be left out instead (RFC 5280 §5.3.1). */
export function reasonCode(reason: CrlReason): Extension {
  return { oid: OID.reasonCode, critical: false, value: integer(CRL_REASONS[reason], TAG.enumerated) };
}

export function readReasonCode(reader: DerReader): CrlReason {
  const number = readSmallInteger(reader, TAG.enumerated);
  const found = Object.entries(CRL_REASONS).find(([, code]) => code === number);
  if (found === undefined)
    throw reader.error('der-value-invalid', `revocation reason ${number} is not one of RFC 5280`);
  return found[0] as CrlReason;
}

export function reasonCodeOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): CrlReason | undefined {
  return decodeExtension(extensions, OID.reasonCode, readReasonCode);
}

/** Reads a reason as people type it: RFC 5280's name in any case. removeFromCRL is for delta CRLs, not for people. */
export function parseCrlReason(text: string): CrlReason {
  const found = Object.keys(CRL_REASONS).find(
    (name) => name.toLowerCase() === text.toLowerCase() && name !== 'removeFromCRL',
  );
  if (found === undefined)
    throw new SslapiError('ERR_REASON_UNKNOWN', `"${text}" is no reason for a revocation`);
  return found as CrlReason;
}
