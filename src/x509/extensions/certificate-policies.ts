import { type DerReader, oid, readOid, sequence, TAG } from '../der.js';
import { decodeExtension, type Extension } from '../extension.js';
import { OID } from '../oid.js';

/** One qualifier of a policy; `value` is its encoded element. */
export interface PolicyQualifier {
  readonly policyQualifierId: string;
  readonly value: Uint8Array;
}

/** Under which policy a certificate was issued, RFC 5280 §4.2.1.4. */
export interface PolicyInformation {
  readonly policyIdentifier: string;
  readonly policyQualifiers: readonly PolicyQualifier[];
}

export function certificatePolicies(policies: readonly string[], critical = false): Extension {
  const value = sequence(...policies.map((policy) => sequence(oid(policy))));
  return { oid: OID.certificatePolicies, critical, value };
}

export function readCertificatePolicies(reader: DerReader): PolicyInformation[] {
  const inside = reader.enter(TAG.sequence);
  const policies: PolicyInformation[] = [];
  const seen = new Set<string>();
  if (inside.done) throw inside.error('der-value-invalid', 'certificatePolicies without a policy');
  while (!inside.done) {
    const policy = readPolicyInformation(inside.enter(TAG.sequence));
    if (seen.has(policy.policyIdentifier)) {
      throw inside.error('der-value-invalid', `the policy ${policy.policyIdentifier} stands twice`);
    }
    seen.add(policy.policyIdentifier);
    policies.push(policy);
  }
  return policies;
}

export function certificatePoliciesOf({
  extensions,
}: {
  readonly extensions: readonly Extension[];
}): readonly PolicyInformation[] | undefined {
  return decodeExtension(extensions, OID.certificatePolicies, readCertificatePolicies);
}

function readPolicyInformation(reader: DerReader): PolicyInformation {
  const policyIdentifier = readOid(reader);
  const policyQualifiers = reader.done ? NONE : readQualifiers(reader.enter(TAG.sequence));
  reader.finish();
  return { policyIdentifier, policyQualifiers };
}

function readQualifiers(reader: DerReader): PolicyQualifier[] {
  const qualifiers: PolicyQualifier[] = [];
  if (reader.done) throw reader.error('der-value-invalid', 'an empty list of policy qualifiers');
  while (!reader.done) {
    const one = reader.enter(TAG.sequence);
    qualifiers.push({ policyQualifierId: readOid(one), value: one.element() });
    one.finish();
  }
  return qualifiers;
}

const NONE: readonly PolicyQualifier[] = [];
