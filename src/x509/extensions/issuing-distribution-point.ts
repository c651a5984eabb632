import {
  boolean,
  contextTag,
  type DerReader,
  element,
  explicit,
  implicit,
  namedBits,
  readBoolean,
  readNamedBits,
  sequence,
  TAG,
} from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { encodeGeneralName } from '../general-name.js';
import { encodeRelativeDistinguishedName } from '../name.js';
import { OID } from '../oid.js';
import { type DistributionPointName, readDistributionPointName } from './crl-distribution-points.js';

/** Which certificates and which reasons a CRL speaks of, RFC 5280 §5.2.5. */
export interface IssuingDistributionPoint {
  readonly distributionPoint?: DistributionPointName;
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  /** Numbers of the reason bits that this CRL covers; absent for all. */
  readonly onlySomeReasons?: ReadonlySet<number>;
  readonly indirectCRL: boolean;
  readonly onlyContainsAttributeCerts: boolean;
}

export function issuingDistributionPoint(
  point: Partial<IssuingDistributionPoint>,
  critical = true,
): Extension {
  const parts = [
    ...(point.distributionPoint === undefined ? [] : [explicit(0, encodePointName(point.distributionPoint))]),
    ...flag(1, point.onlyContainsUserCerts),
    ...flag(2, point.onlyContainsCACerts),
    ...(point.onlySomeReasons === undefined ? [] : [implicit(3, namedBits(point.onlySomeReasons))]),
    ...flag(4, point.indirectCRL),
    ...flag(5, point.onlyContainsAttributeCerts),
  ];
  return { oid: OID.issuingDistributionPoint, critical, value: sequence(...parts) };
}

export function readIssuingDistributionPoint(reader: DerReader): IssuingDistributionPoint {
  const inside = reader.enter(TAG.sequence);
  if (inside.done) throw inside.error('der-value-invalid', 'an empty issuingDistributionPoint');
  const wrapped = inside.nextIs(contextTag(0, true)) ? inside.enter(contextTag(0, true)) : undefined;
  const distributionPoint = wrapped && readDistributionPointName(wrapped);
  wrapped?.finish();
  const onlyContainsUserCerts = readFlag(inside, 1);
  const onlyContainsCACerts = readFlag(inside, 2);
  const reasons = inside.nextIs(contextTag(3, false))
    ? readNamedBits(inside, contextTag(3, false))
    : undefined;
  const indirectCRL = readFlag(inside, 4);
  const onlyContainsAttributeCerts = readFlag(inside, 5);
  inside.finish();
  return {
    ...(distributionPoint && { distributionPoint }),
    onlyContainsUserCerts,
    onlyContainsCACerts,
    ...(reasons && { onlySomeReasons: reasons }),
    indirectCRL,
    onlyContainsAttributeCerts,
  };
}

export function issuingDistributionPointOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): IssuingDistributionPoint | undefined {
  return decodeExtension(extensions, OID.issuingDistributionPoint, readIssuingDistributionPoint);
}

function encodePointName(name: DistributionPointName): Uint8Array {
  return 'fullName' in name
    ? element(contextTag(0, true), ...name.fullName.map(encodeGeneralName))
    : implicit(1, encodeRelativeDistinguishedName(name.nameRelativeToCRLIssuer));
}

function flag(number: number, value: boolean | undefined): Uint8Array[] {
  return value ? [implicit(number, boolean(true))] : [];
}

function readFlag(reader: DerReader, number: number): boolean {
  const tag = contextTag(number, false);
  if (!reader.nextIs(tag)) return false;
  if (!readBoolean(reader, tag))
    throw reader.error('der-default-encoded', 'a FALSE written out (X.690 §11.5)');
  return true;
}
