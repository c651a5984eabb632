import { SslapiError } from '../errors.js';
import { KEY_TYPES, type KeyType } from '../keys/key-type.js';
import { type IssuePolicy, ruleFor } from '../policy/issue-policy.js';
import { matchesTextPattern } from '../policy/name-patterns.js';
import { nameConstraintsOf } from '../x509/extensions/name-constraints.js';
import type { GeneralName } from '../x509/general-name.js';
import { makeName, type Name } from '../x509/name.js';
import { OID } from '../x509/oid.js';
import type { AuthorityContext } from './authority-context.js';
import { checkConstraints, checkPolicyNames } from './check-issue.js';
import { issuePolicyOf } from './issue-policy.js';

/** Whom a client certificate of a probe may name, and what keys it may have. */
export interface ProbeIdentity {
  readonly subject: Name;
  readonly subjectAltName: readonly GeneralName[];
  /** null where the issue policy has no rule for keys. */
  readonly keyTypes: readonly KeyType[] | null;
}

/** `CN=sslapi-probe`, in the form that the CAs' name constraints and the issue policy leave to it; never the name of
 *  somebody else. @throws SslapiError ERR_ISSUE_POLICY_REFUSED, ERR_NAME_CONSTRAINED where none is left */
export function probeIdentity(context: Pick<AuthorityContext, 'authorities' | 'folder'>): ProbeIdentity {
  const policy = issuePolicyOf(context.folder);
  const commonName = [{ type: OID.commonName, value: commonNameFor(policy) }];
  const subject = makeName([...baseOf(context), commonName]);
  checkConstraints(context, { subject, subjectAltName: [] });
  const keys = policy && ruleFor(policy, 'client', 'keyTypes');
  const keyTypes = keys && KEY_TYPES.filter((type) => keys.value.includes(type));
  return { subject, subjectAltName: [], keyTypes };
}

/** Whom a server may name that clients are tried with. Its commonName is the host that they call, in the form that the CAs' name constraints and the issue policy leave to it.
 *  @throws SslapiError ERR_ISSUE_POLICY_REFUSED, ERR_NAME_CONSTRAINED where none is left */
export function probeServer(
  context: Pick<AuthorityContext, 'authorities' | 'folder'>,
  host: string,
  subjectAltName: readonly GeneralName[],
): Pick<ProbeIdentity, 'subject' | 'subjectAltName'> {
  const subject = makeName([...baseOf(context), [{ type: OID.commonName, value: host }]]);
  checkConstraints(context, { subject, subjectAltName });
  checkPolicyNames(context, issuePolicyOf(context.folder), 'server', { subject, subjectAltName });
  return { subject, subjectAltName };
}

/** The name itself, or put in the place of the first `*` of a pattern. */
function commonNameFor(policy: IssuePolicy | null): string {
  const rule = policy && ruleFor(policy, 'client', 'commonNames');
  if (!rule) return PROBE_NAME;
  const candidates = [PROBE_NAME, ...rule.value.filter((one) => one.includes('*')).map(filledIn)];
  const fit = candidates.find(
    (one) => one.length <= 64 && rule.value.some((pattern) => matchesTextPattern(one, pattern)),
  );
  if (fit !== undefined) return fit;
  throw new SslapiError(
    'ERR_ISSUE_POLICY_REFUSED',
    `the issue policy leaves no commonName to a probe (${rule.pointer})`,
    { hint: `Prove with a real client's certificate, --client NAME, or allow "${PROBE_NAME}" there.` },
  );
}

function filledIn(pattern: string): string {
  return pattern.replace('*', PROBE_NAME).replaceAll('*', '');
}

/** Where the CAs permit only a part of the directory, the name lies in it (RFC 5280 §4.2.1.10). */
function baseOf({ authorities }: Pick<AuthorityContext, 'authorities'>): Name['rdns'] {
  const bases = authorities.flatMap(({ parsed }) =>
    (nameConstraintsOf(parsed)?.permittedSubtrees ?? []).flatMap((base) =>
      base.type === 'directoryName' ? [base.name.rdns] : [],
    ),
  );
  return bases.sort((a, b) => b.length - a.length)[0] ?? [];
}

const PROBE_NAME = 'sslapi-probe';
