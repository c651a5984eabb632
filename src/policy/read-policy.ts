import { isPolicyId, policyOf } from './policies.js';
import { type CipherSuite, POLICY_PROTOCOLS, type Policy } from './policy.js';
import type { PolicyDocument } from './policy-document.js';
import { POLICY_SCHEMA } from './policy-schema.js';
import { pointerTo, type SchemaFault, schemaFaults } from './schema-faults.js';

/** The names that may stand in a policy; who reads one knows them. */
export interface PolicyVocabulary {
  /** The suite of an IANA or OpenSSL name; null for one that is not known. */
  cipherSuite(name: string): CipherSuite | null;
  readonly cipherSuites: readonly string[];
  readonly groups: readonly string[];
  readonly signatureSchemes: readonly string[];
  /** Of certificates, by the names of their object identifiers. */
  readonly signatureAlgorithms: readonly string[];
}

/** What came of reading a policy. */
export type PolicyReading =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly faults: readonly [SchemaFault, ...SchemaFault[]] };

/** Makes a policy of a file's JSON: first its shape by the schema, then what it extends, then whether it makes sense. */
export function readPolicy(document: unknown, vocabulary: PolicyVocabulary): PolicyReading {
  const [misshapen, ...more] = schemaFaults(document, POLICY_SCHEMA);
  if (misshapen !== undefined) return { ok: false, faults: [misshapen, ...more] };
  const written = document as PolicyDocument;
  const [wrong, ...others] = nameFaults(written, vocabulary);
  if (wrong !== undefined) return { ok: false, faults: [wrong, ...others] };
  const policy = resolved(written, vocabulary);
  const [senseless, ...rest] = senseFaults(policy);
  return senseless === undefined ? { ok: true, policy } : { ok: false, faults: [senseless, ...rest] };
}

/** The policy with what it extends. The schema has seen to it that without `extends` nothing is left out. */
function resolved(written: PolicyDocument, vocabulary: PolicyVocabulary): Policy {
  const base = isPolicyId(written.extends) ? policyOf(written.extends) : ({} as Policy);
  const {
    $schema,
    schemaVersion,
    extends: _base,
    cipherSuites,
    alsoAcceptable,
    certificate,
    ...plain
  } = written;
  const suites = (names: readonly string[]) => names.flatMap((name) => vocabulary.cipherSuite(name) ?? []);
  const protocols = plain.protocols ?? base.protocols;
  const suitesOf = (version: 'TLSv1.2' | 'TLSv1.3') => {
    if (!protocols.includes(version)) return [];
    const own = cipherSuites?.[version];
    return own === undefined ? (base.cipherSuites?.[version] ?? []) : suites(own);
  };
  return {
    ...base,
    ...plain,
    note: plain.note ?? null,
    protocols: POLICY_PROTOCOLS.filter((version) => protocols.includes(version)),
    cipherSuites: { 'TLSv1.2': suitesOf('TLSv1.2'), 'TLSv1.3': suitesOf('TLSv1.3') },
    alsoAcceptable: {
      cipherSuites: alsoAcceptable?.cipherSuites
        ? suites(alsoAcceptable.cipherSuites)
        : (base.alsoAcceptable?.cipherSuites ?? []),
      groups: alsoAcceptable?.groups ?? base.alsoAcceptable?.groups ?? [],
    },
    certificate: { ...base.certificate, ...certificate },
  };
}

/** Names that nothing bears: a mistyped one would make a finding of what was meant to be allowed. */
function nameFaults(written: PolicyDocument, vocabulary: PolicyVocabulary): SchemaFault[] {
  const { cipherSuites, groups, alsoAcceptable, signatureSchemes, certificate } = written;
  const { signatureAlgorithms } = certificate ?? {};
  return [
    ...suiteFaults('/cipherSuites/TLSv1.2', cipherSuites?.['TLSv1.2'], vocabulary, 'TLSv1.2'),
    ...suiteFaults('/cipherSuites/TLSv1.3', cipherSuites?.['TLSv1.3'], vocabulary, 'TLSv1.3'),
    ...suiteFaults('/alsoAcceptable/cipherSuites', alsoAcceptable?.cipherSuites, vocabulary, null),
    ...unknownNames('/groups', 'group', groups, vocabulary.groups),
    ...unknownNames('/alsoAcceptable/groups', 'group', alsoAcceptable?.groups, vocabulary.groups),
    ...unknownNames('/signatureSchemes', 'signature scheme', signatureSchemes, vocabulary.signatureSchemes),
    ...unknownNames('/certificate/curves', 'curve', certificate?.curves, vocabulary.groups),
    ...unknownNames(
      '/certificate/signatureAlgorithms',
      'signature algorithm',
      signatureAlgorithms,
      vocabulary.signatureAlgorithms,
    ),
  ];
}

function suiteFaults(
  list: string,
  names: readonly string[] | undefined,
  { cipherSuite, cipherSuites }: PolicyVocabulary,
  version: 'TLSv1.2' | 'TLSv1.3' | null,
): SchemaFault[] {
  return (names ?? []).flatMap((word, at): SchemaFault[] => {
    const pointer = pointerTo(list, at);
    const suite = cipherSuite(word);
    if (suite === null)
      return [{ pointer, message: `"${word}" is no cipher suite`, unknown: { word, known: cipherSuites } }];
    const own = suite.name.includes('_WITH_') ? 'TLSv1.2' : 'TLSv1.3';
    return version === null || version === own
      ? []
      : [{ pointer, message: `${suite.name} is no suite of ${version}` }];
  });
}

function unknownNames(
  list: string,
  what: string,
  names: readonly string[] | null | undefined,
  known: readonly string[],
): SchemaFault[] {
  return (names ?? []).flatMap((word, at) =>
    known.includes(word)
      ? []
      : [{ pointer: pointerTo(list, at), message: `"${word}" is no ${what}`, unknown: { word, known } }],
  );
}

/** What each part allows and the whole contradicts. */
function senseFaults(policy: Policy): SchemaFault[] {
  const { protocols, requiredProtocols, cipherSuites, certificate, published, checked } = policy;
  const { keyKinds, curves, minimumRsaBits } = certificate;
  const when = (wrong: boolean, pointer: string, message: string): SchemaFault[] =>
    wrong ? [{ pointer, message }] : [];
  return [
    ...requiredProtocols.flatMap((version) =>
      when(
        !protocols.includes(version),
        '/requiredProtocols',
        `${version} is required but not in "protocols"`,
      ),
    ),
    ...protocols.flatMap((version) =>
      when(
        cipherSuites[version].length === 0,
        `/cipherSuites/${version}`,
        `${version} is allowed, but no suite of it is`,
      ),
    ),
    ...when(
      keyKinds.includes('rsa') && minimumRsaBits === null,
      '/certificate/minimumRsaBits',
      'RSA keys are allowed, so it must say how long they are',
    ),
    ...when(
      keyKinds.includes('ec') && curves.length === 0,
      '/certificate/curves',
      'EC keys are allowed, but no curve is',
    ),
    ...when(!isDay(published), '/published', `${published} is no day`),
    ...when(!isDay(checked), '/checked', `${checked} is no day`),
    ...when(checked < published, '/checked', `${checked} is before it was published, ${published}`),
  ];
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}
