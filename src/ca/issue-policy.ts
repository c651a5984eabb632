import { SslapiError } from '../errors.js';
import { KEY_TYPES, type KeyType } from '../keys/key-type.js';
import { type IssuePolicy, type IssueRules, readIssuePolicy, ruleFor } from '../policy/issue-policy.js';
import { nearest } from '../policy/nearest.js';
import { parseJson } from '../policy/parse-json.js';
import { pointerTo, type SchemaFault } from '../policy/schema-faults.js';
import type { PkiFolder } from '../store/pki-folder.js';
import { parseIpNetwork } from '../x509/ip-address.js';
import type { LeafProfileName } from './profiles.js';

/** The file in the pki folder that says what its CA issues. */
export const ISSUE_POLICY_FILE = 'issue-policy.json';

/** The issue policy of a pki folder, or null where there is none; read anew each time, so that it holds as it stands.
 *  @throws SslapiError ERR_ISSUE_POLICY_INVALID */
export function issuePolicyOf(folder: PkiFolder): IssuePolicy | null {
  const bytes = folder.read(ISSUE_POLICY_FILE);
  if (bytes === null) return null;
  const path = folder.at(ISSUE_POLICY_FILE);
  const reading = readIssuePolicy(parsed(bytes, path));
  const faults = reading.ok ? networkFaults(reading.policy) : reading.faults;
  const [first, ...more] = faults;
  if (reading.ok && first === undefined) return reading.policy;
  throw invalid(path, first!, more.length);
}

/** The key that is made where none is asked for: the policy's first that we can make, where it has a rule for keys. */
export function defaultKeyType(
  policy: IssuePolicy | null,
  profile: LeafProfileName,
  preset: KeyType,
): KeyType {
  const rule = policy && ruleFor(policy, profile, 'keyTypes');
  if (!rule || rule.value.includes(preset)) return preset;
  return KEY_TYPES.find((type) => rule.value.find(isOurs) === type) ?? preset;
}

/** How many days are given where none are asked for: no more than the policy allows. */
export function defaultDays(policy: IssuePolicy | null, profile: LeafProfileName, preset: number): number {
  const rule = policy && ruleFor(policy, profile, 'maximumLifetimeDays');
  return rule ? Math.min(rule.value, preset) : preset;
}

function isOurs(type: string): boolean {
  return KEY_TYPES.some((one) => one === type);
}

function parsed(bytes: Uint8Array, path: string): unknown {
  try {
    return parseJson(bytes);
  } catch (cause) {
    throw new SslapiError('ERR_ISSUE_POLICY_INVALID', `${path} ${(cause as Error).message}`, { cause });
  }
}

/** Whether every network of `names` is one, which a schema cannot tell. */
function networkFaults(policy: IssuePolicy): SchemaFault[] {
  const places: Array<readonly [string, IssueRules]> = [
    ['', policy],
    ...Object.entries(policy.profiles ?? {}).map(
      ([profile, rules]) => [`/profiles/${profile}`, rules] as const,
    ),
  ];
  return places.flatMap(([pointer, { names }]) =>
    (names?.ip ?? []).flatMap((text, at) =>
      text === '*' || parseIpNetwork(text) !== null
        ? []
        : [{ pointer: pointerTo(`${pointer}/names/ip`, at), message: `"${text}" is no address or network` }],
    ),
  );
}

function invalid(path: string, { pointer, message, unknown }: SchemaFault, more: number): SslapiError {
  const where = pointer === '' ? 'the top' : pointer;
  const others = more === 0 ? '' : `; and ${more} more`;
  const meant = unknown && nearest(unknown.word, unknown.known);
  const hint =
    unknown === undefined
      ? undefined
      : meant === undefined
        ? `Choose ${unknown.known.join(', ')}.`
        : `Did you mean ${meant}?`;
  return new SslapiError(
    'ERR_ISSUE_POLICY_INVALID',
    `${path}: at ${where}: ${message}${others}`,
    hint === undefined ? {} : { hint },
  );
}
