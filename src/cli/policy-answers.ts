import { isStale, POLICIES, policyAgeDays } from '../policy/policies.js';
import type { Policy } from '../policy/policy.js';
import { policyDocument } from '../policy/policy-document.js';
import { POLICY_SCHEMA } from '../policy/policy-schema.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import { policyNamed } from './read-policy.js';

/** Flags of `policies`. */
export interface PoliciesFlags extends CommonFlags {
  readonly check?: boolean;
  readonly at?: Date;
  readonly schema?: boolean;
}

/** A table of all that ship. */
export function listPolicies({ output, exit }: CommandRun, { at = new Date(), check }: PoliciesFlags): void {
  const policies = POLICIES.map((policy) => aged(policy, at));
  output.answer({ policies }, () =>
    output.table(
      [
        { heading: 'NAME' },
        { heading: 'TITLE' },
        { heading: 'VERSION' },
        { heading: 'PUBLISHED' },
        { heading: 'CHECKED' },
        { heading: 'AGE', align: 'right' },
        { heading: 'SOURCE', shrinks: true },
      ],
      policies.map((one) => [
        one.id,
        one.title,
        one.version,
        one.published,
        one.checked,
        `${one.ageDays}d`,
        one.source,
      ]),
    ),
  );
  if (warnOfStale(output, POLICIES, at) && check) exit(1);
}

/** All that a policy says; with --json it is a policy file. */
export function showPolicy({ output, exit }: CommandRun, name: string, flags: PoliciesFlags): void {
  const policy = policyNamed(name);
  const at = flags.at ?? new Date();
  output.answer(policyDocument(policy), () => policyText(policy, at));
  if (warnOfStale(output, [policy], at) && flags.check) exit(1);
}

/** To be kept where an editor finds it. */
export function printSchema({ output }: CommandRun): void {
  output.data(`${JSON.stringify(POLICY_SCHEMA, null, 2)}\n`);
}

function aged(policy: Policy, at: Date) {
  const { id, title, version, published, checked, source, note } = policy;
  const ageDays = policyAgeDays(policy, at);
  return { id, title, version, published, checked, ageDays, stale: isStale(policy, at), source, note };
}

function warnOfStale(output: CommandRun['output'], policies: readonly Policy[], at: Date): boolean {
  const stale = policies.filter((policy) => isStale(policy, at));
  for (const policy of stale)
    output.warn(
      `${policy.id} was last held against its source ${policyAgeDays(policy, at)} days before: a newer sslapi, or ${policy.source}, may say more`,
    );
  return stale.length > 0;
}

function policyText(policy: Policy, at: Date): string {
  const { certificate: rules, alsoAcceptable, requiredProtocols } = policy;
  const names = (suites: readonly { readonly name: string }[]) => suites.map(({ name }) => name);
  const lines: ReadonlyArray<readonly [what: string, values: readonly string[]]> = [
    ['policy', [`${policy.title} ${policy.version} (${policy.id})`]],
    ['published', [policy.published]],
    ['checked', [`${policy.checked}, ${policyAgeDays(policy, at)} days before`]],
    ['source', [policy.source]],
    ['note', policy.note === null ? [] : [policy.note]],
    ['protocols', [`${policy.protocols.join(', ')}; required: ${requiredProtocols.join(', ') || 'none'}`]],
    ['TLS 1.3', names(policy.cipherSuites['TLSv1.3'])],
    ['TLS 1.2', names(policy.cipherSuites['TLSv1.2'])],
    ['also good', names(alsoAcceptable.cipherSuites)],
    ['groups', [policy.groups.join(', ')]],
    ['also good', [alsoAcceptable.groups.join(', ')]],
    ['schemes', policy.signatureSchemes ?? ['left open']],
    ['order', [orderOf(policy)]],
    ['DH', [policy.minimumDhBits === null ? 'none' : `${policy.minimumDhBits} bits at least`]],
    ['HSTS', [policy.hstsMaxAgeSeconds === null ? 'not asked for' : `max-age=${policy.hstsMaxAgeSeconds}`]],
    ['key', [keyOf(rules)]],
    ['signature', rules.signatureAlgorithms ?? ['any but of a weak hash']],
    ['lifetime', [rules.maximumLifetimeDays === null ? 'any' : `${rules.maximumLifetimeDays} days at most`]],
  ];
  return lines
    .map(([what, values]) =>
      entry(
        what,
        values.filter((value) => value !== ''),
      ),
    )
    .join('');
}

/** The first value beside its heading, the others below. */
function entry(what: string, values: readonly string[]): string {
  return values.map((value, at) => `${(at === 0 ? `${what}:` : '').padEnd(WIDTH)}${value}\n`).join('');
}

function keyOf({ keyKinds, curves, minimumRsaBits }: Policy['certificate']): string {
  const kinds = keyKinds.map((kind) => {
    if (kind === 'ec') return `ec on ${curves.join(', ')}`;
    return kind === 'rsa' ? `rsa of ${minimumRsaBits} bits at least` : kind;
  });
  return kinds.join('; ');
}

function orderOf({ serverPreference }: Policy): string {
  if (serverPreference === null) return 'left open';
  return serverPreference ? "the server's" : "the client's";
}

const WIDTH = 11;
