import { contextTag, type DerReader, element, explicit, readNamedBits, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { encodeGeneralName, type GeneralName, readGeneralNames } from '../general-name.js';
import { type RelativeDistinguishedName, readRelativeDistinguishedName } from '../name.js';
import { OID } from '../oid.js';

/** Where a CRL is to be had: whole names, or one name relative to the CRL's issuer. */
export type DistributionPointName =
  | { readonly fullName: readonly GeneralName[] }
  | { readonly nameRelativeToCRLIssuer: RelativeDistinguishedName };

/** One place where CRLs for this certificate are published, RFC 5280 §4.2.1.13. */
export interface DistributionPoint {
  readonly distributionPoint?: DistributionPointName;
  /** Numbers of the reason bits that this point's CRLs cover; absent for all. */
  readonly reasons?: ReadonlySet<number>;
  readonly cRLIssuer?: readonly GeneralName[];
}

/** One distribution point of whole URIs. */
export function crlDistributionPoints(uris: readonly string[]): Extension {
  const names = uris.map((value) => encodeGeneralName({ type: 'uniformResourceIdentifier', value }));
  const fullName = element(contextTag(0, true), ...names);
  return {
    oid: OID.cRLDistributionPoints,
    critical: false,
    value: sequence(sequence(explicit(0, fullName))),
  };
}

/** Reads CRLDistributionPoints; FreshestCRL has the same syntax (RFC 5280 §4.2.1.15). */
export function readCrlDistributionPoints(reader: DerReader): DistributionPoint[] {
  const inside = reader.enter(TAG.sequence);
  const points: DistributionPoint[] = [];
  while (!inside.done) points.push(readDistributionPoint(inside.enter(TAG.sequence)));
  if (points.length === 0) throw inside.error('der-value-invalid', 'no distribution point');
  return points;
}

/** Reads the CHOICE behind [0] of a distribution point. */
export function readDistributionPointName(reader: DerReader): DistributionPointName {
  if (reader.nextIs(contextTag(1, true))) {
    return { nameRelativeToCRLIssuer: readRelativeDistinguishedName(reader.enter(contextTag(1, true))) };
  }
  const inside = reader.enter(contextTag(0, true));
  if (inside.done) throw inside.error('der-value-invalid', 'a distribution point without names');
  return { fullName: readGeneralNames(inside) };
}

export function crlDistributionPointsOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly DistributionPoint[] | undefined {
  return decodeExtension(extensions, OID.cRLDistributionPoints, readCrlDistributionPoints);
}

function readDistributionPoint(reader: DerReader): DistributionPoint {
  const wrapped = reader.nextIs(contextTag(0, true)) ? reader.enter(contextTag(0, true)) : undefined;
  const distributionPoint = wrapped && readDistributionPointName(wrapped);
  wrapped?.finish();
  const reasons = reader.nextIs(contextTag(1, false))
    ? readNamedBits(reader, contextTag(1, false))
    : undefined;
  const cRLIssuer = reader.nextIs(contextTag(2, true))
    ? readGeneralNames(reader.enter(contextTag(2, true)))
    : undefined;
  reader.finish();
  if (distributionPoint === undefined && cRLIssuer === undefined) {
    throw reader.error('der-value-invalid', 'a distribution point with neither a name nor an issuer');
  }
  return {
    ...(distributionPoint && { distributionPoint }),
    ...(reasons && { reasons }),
    ...(cRLIssuer && { cRLIssuer }),
  };
}
