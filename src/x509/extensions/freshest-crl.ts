import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';
import {
  crlDistributionPoints,
  type DistributionPoint,
  readCrlDistributionPoints,
} from './crl-distribution-points.js';

/** Where delta CRLs are to be had, RFC 5280 §4.2.1.15 and §5.2.6: the syntax of cRLDistributionPoints. */
export function freshestCrl(uris: readonly string[]): Extension {
  return { ...crlDistributionPoints(uris), oid: OID.freshestCRL };
}

export function freshestCrlOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly DistributionPoint[] | undefined {
  return decodeExtension(extensions, OID.freshestCRL, readCrlDistributionPoints);
}
