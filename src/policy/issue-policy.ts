import { type Schema, type SchemaFault, schemaFaults } from './schema-faults.js';

/** The names that may stand in a subjectAltName, by their kind; a kind that is left out may not stand there at all. */
export interface AllowedNames {
  readonly dns?: readonly string[];
  readonly ip?: readonly string[];
  readonly email?: readonly string[];
  readonly uri?: readonly string[];
}

/** What a certificate must keep to; a rule that is left out limits nothing. */
export interface IssueRules {
  readonly names?: AllowedNames;
  /** Patterns of the subject's commonName. */
  readonly commonNames?: readonly string[];
  readonly keyTypes?: readonly string[];
  /** From notBefore to notAfter, in days. */
  readonly maximumLifetimeDays?: number;
}

/** What a CA issues, as its owner wrote it down in pki/issue-policy.json. */
export interface IssuePolicy extends IssueRules {
  readonly profiles?: Readonly<Partial<Record<IssueProfile, IssueRules>>>;
}

export type IssueProfile = 'server' | 'client' | 'peer';

/** What came of reading one. */
export type IssuePolicyReading =
  | { readonly ok: true; readonly policy: IssuePolicy }
  | { readonly ok: false; readonly faults: readonly [SchemaFault, ...SchemaFault[]] };

/** Makes an issue policy of a file's JSON. */
export function readIssuePolicy(document: unknown): IssuePolicyReading {
  const [fault, ...more] = schemaFaults(document, ISSUE_POLICY_SCHEMA);
  return fault === undefined
    ? { ok: true, policy: document as IssuePolicy }
    : { ok: false, faults: [fault, ...more] };
}

/** A rule, and the place in the file that it stands at (RFC 6901). */
export interface PlacedRule<T> {
  readonly value: T;
  readonly pointer: string;
}

/** The rule of that name for that profile: the profile's own, else the one for all of them; null where there is none. */
export function ruleFor<K extends keyof IssueRules>(
  policy: IssuePolicy,
  profile: IssueProfile,
  key: K,
): PlacedRule<NonNullable<IssueRules[K]>> | null {
  const own = policy.profiles?.[profile]?.[key];
  if (own !== undefined) return { value: own, pointer: `/profiles/${profile}/${key}` };
  const general = policy[key];
  return general === undefined ? null : { value: general, pointer: `/${key}` };
}

const patterns = (description: string, pattern: string): Schema => ({
  description,
  type: 'array',
  uniqueItems: true,
  maxItems: 1000,
  items: { type: 'string', pattern, maxLength: 300 },
});

const RULES: Readonly<Record<keyof IssueRules, Schema>> = {
  names: {
    description:
      'The names that may stand in a subjectAltName. A kind that is left out may not stand there at all; "*" alone allows every name of a kind.',
    type: 'object',
    additionalProperties: false,
    properties: {
      dns: patterns(
        'DNS names: * stands for one label or a part of one, ** for any number of them: *.acme.test, **.internal.',
        '^[A-Za-z0-9*.-]{1,253}$',
      ),
      ip: patterns(
        'Addresses and networks: 10.0.0.0/8, 192.0.2.7, fd00::/8.',
        '^(\\*|[0-9A-Fa-f:.]{2,45}(/[0-9]{1,3})?)$',
      ),
      email: patterns(
        'Hosts of mail addresses, with * as in DNS names, or whole addresses: acme.test, *.acme.test, ops@acme.test.',
        '^[^\\s@]{1,200}(@[A-Za-z0-9.-]{1,253})?$',
      ),
      uri: patterns(
        'What URIs begin with, up to a whole segment of the path: spiffe://acme/api.',
        '^(\\*|[a-z][a-z0-9+.-]*://[!-~]+)$',
      ),
    },
  },
  commonNames: patterns(
    "The subject's commonName: * stands for any characters. A server's that looks like a DNS name or an address has to be in names as well.",
    '^.{1,64}$',
  ),
  keyTypes: {
    description: 'Keys that are certified; the first that sslapi can make is the default of --key-type.',
    type: 'array',
    uniqueItems: true,
    minItems: 1,
    items: {
      enum: [
        'ec-p256',
        'ec-p384',
        'ec-p521',
        'rsa-2048',
        'rsa-3072',
        'rsa-4096',
        'ed25519',
        'ed448',
        'ml-dsa-44',
        'ml-dsa-65',
        'ml-dsa-87',
      ],
    },
  },
  maximumLifetimeDays: {
    description: 'The most days from notBefore to notAfter; where nothing is asked for, it is the default.',
    type: 'integer',
    minimum: 1,
    maximum: 36_500,
  },
};

const PROFILE: Schema = {
  description: 'Rules for this profile, instead of those of the same name for all.',
  type: 'object',
  additionalProperties: false,
  properties: RULES,
};

/** What pki/issue-policy.json holds, in JSON Schema 2020-12. */
export const ISSUE_POLICY_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'The issue policy of a CA of sslapi: what it certifies, and for how long',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { description: 'Where this schema lies, for editors.', type: 'string' },
    schemaVersion: { description: 'The version of this format.', const: 1 },
    ...RULES,
    profiles: {
      description: 'What is otherwise for one profile.',
      type: 'object',
      additionalProperties: false,
      properties: { server: PROFILE, client: PROFILE, peer: PROFILE },
    },
  },
};
