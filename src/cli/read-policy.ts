import { SslapiError } from '../errors.js';
import { parseJson } from '../policy/parse-json.js';
import { isPolicyId, POLICIES, policyOf } from '../policy/policies.js';
import type { Policy } from '../policy/policy.js';
import { type PolicyVocabulary, readPolicy } from '../policy/read-policy.js';
import type { SchemaFault } from '../policy/schema-faults.js';
import { cipherSuiteName, cipherSuiteNamed, cipherSuitesOf } from '../tls/cipher-suite.js';
import { groupName, knownGroups } from '../tls/group.js';
import { knownSignatureSchemes, signatureSchemeName } from '../tls/signature-scheme.js';
import { OID } from '../x509/oid.js';
import { nearest } from './nearest.js';
import { readInputIfThere } from './read-input.js';

/** `--policy`: a policy that ships with sslapi by its name, or a file of one's own.
 *  @throws SslapiError ERR_POLICY_UNKNOWN, ERR_POLICY_INVALID, ERR_INPUT_UNREADABLE, ERR_INPUT_TOO_LARGE */
export function policyNamed(text: string): Policy {
  if (isPolicyId(text)) return policyOf(text);
  const bytes = readInputIfThere(text);
  if (bytes !== undefined) return policyIn(bytes, text);
  const meant = nearest(
    text,
    POLICIES.map(({ id }) => id),
  );
  throw new SslapiError(
    'ERR_POLICY_UNKNOWN',
    `"${text}" is neither a policy nor a file`,
    meant === undefined ? {} : { hint: `Did you mean ${meant}?` },
  );
}

function policyIn(bytes: Uint8Array, path: string): Policy {
  const reading = readPolicy(parsed(bytes, path), vocabulary());
  if (reading.ok) return reading.policy;
  const { faults } = reading;
  const [first] = faults;
  const more = faults.length === 1 ? '' : `; and ${faults.length - 1} more`;
  const hint = hintFor(first);
  throw new SslapiError(
    'ERR_POLICY_INVALID',
    `${path}: at ${first.pointer === '' ? 'the top' : first.pointer}: ${first.message}${more}`,
    hint === undefined ? {} : { hint },
  );
}

function parsed(bytes: Uint8Array, path: string): unknown {
  try {
    return parseJson(bytes);
  } catch (cause) {
    throw new SslapiError('ERR_POLICY_INVALID', `${path} ${(cause as Error).message}`, { cause });
  }
}

function hintFor({ unknown }: SchemaFault): string | undefined {
  if (unknown === undefined) return undefined;
  const alike = unknown.known.find((known) => known.toLowerCase() === unknown.word.toLowerCase());
  const meant = alike ?? OTHER_NAMES[unknown.word] ?? nearest(unknown.word, unknown.known);
  if (meant !== undefined) return `Did you mean ${meant}?`;
  return unknown.known.length > 30 ? undefined : `Choose ${unknown.known.join(', ')}.`;
}

function vocabulary(): PolicyVocabulary {
  return {
    cipherSuite(name) {
      const suite = cipherSuiteNamed(name);
      return suite && { name: suite.name, opensslName: suite.opensslName ?? suite.name };
    },
    cipherSuites: [...cipherSuitesOf('TLSv1.3'), ...cipherSuitesOf('TLSv1.2')].map(cipherSuiteName),
    groups: knownGroups().map(groupName),
    signatureSchemes: knownSignatureSchemes().map(signatureSchemeName),
    signatureAlgorithms: Object.keys(OID).filter((name) => SIGNATURE_ALGORITHM.test(name)),
  };
}

const SIGNATURE_ALGORITHM = /^(?:(?:md|sha)\d+WithRSA|(?:ec)?dsaWith|rsassaPss$|ed(?:25519|448)$|mlDsa\d)/;
/** What OpenSSL and NIST call a curve. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  prime256v1: 'secp256r1',
  'P-256': 'secp256r1',
  'P-384': 'secp384r1',
  'P-521': 'secp521r1',
};
