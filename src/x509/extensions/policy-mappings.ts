import { type DerReader, oid, readOid, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** That the issuer holds two policies of different domains for equal, RFC 5280 §4.2.1.5. */
export interface PolicyMapping {
  readonly issuerDomainPolicy: string;
  readonly subjectDomainPolicy: string;
}

export function policyMappings(mappings: readonly PolicyMapping[], critical = true): Extension {
  const parts = mappings.map((mapping) =>
    sequence(oid(mapping.issuerDomainPolicy), oid(mapping.subjectDomainPolicy)),
  );
  return { oid: OID.policyMappings, critical, value: sequence(...parts) };
}

export function readPolicyMappings(reader: DerReader): PolicyMapping[] {
  const inside = reader.enter(TAG.sequence);
  const mappings: PolicyMapping[] = [];
  if (inside.done) throw inside.error('der-value-invalid', 'policyMappings without a mapping');
  while (!inside.done) {
    const one = inside.enter(TAG.sequence);
    mappings.push({ issuerDomainPolicy: readOid(one), subjectDomainPolicy: readOid(one) });
    one.finish();
  }
  return mappings;
}

export function policyMappingsOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly PolicyMapping[] | undefined {
  return decodeExtension(extensions, OID.policyMappings, readPolicyMappings);
}
