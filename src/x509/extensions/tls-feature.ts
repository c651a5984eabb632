import { type DerReader, integer, readSmallInteger, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** TLS extensions that a server with this certificate must use, RFC 7633; 5 is status_request (must-staple). */
export function tlsFeature(features: readonly number[]): Extension {
  return { oid: OID.tlsFeature, critical: false, value: sequence(...features.map((one) => integer(one))) };
}

export function readTlsFeature(reader: DerReader): number[] {
  const inside = reader.enter(TAG.sequence);
  const features: number[] = [];
  while (!inside.done) features.push(readSmallInteger(inside));
  return features;
}

export function tlsFeatureOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly number[] | undefined {
  return decodeExtension(extensions, OID.tlsFeature, readTlsFeature);
}
