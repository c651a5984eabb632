import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PolicyInputs } from '../../src/path/verify-options.js';
import type { Extension } from '../../src/x509/extension.js';
import { certificatePolicies } from '../../src/x509/extensions/certificate-policies.js';
import { inhibitAnyPolicy } from '../../src/x509/extensions/inhibit-any-policy.js';
import { nameConstraints } from '../../src/x509/extensions/name-constraints.js';
import { policyConstraints } from '../../src/x509/extensions/policy-constraints.js';
import { policyMappings } from '../../src/x509/extensions/policy-mappings.js';
import { subjectAltName } from '../../src/x509/extensions/subject-alt-name.js';
import type { GeneralName } from '../../src/x509/general-name.js';
import { parseName } from '../../src/x509/name.js';
import { OID } from '../../src/x509/oid.js';
import { type Made, makeCa, makeKey, makeLeaf, NOW } from '../path/certificate-maker.js';
import { verdictOf } from '../path/verify-made.js';
import { peer } from '../peers/peer.js';

/** How many chains of each kind. */
const CHAINS = Number(process.env['SSLAPI_AGREEMENT_CHAINS'] ?? 120);
const SEED = Number(process.env['SSLAPI_FUZZ_SEED'] ?? 20260601);

interface Question {
  readonly leaf: Made;
  readonly root: Made;
  readonly cas: readonly Made[];
  readonly policy?: PolicyInputs;
}

const KEYS = Array.from({ length: 6 }, () => makeKey());
const root = makeCa('CN=Root', { key: KEYS[0]! });
let folder = '';
let state = SEED;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-constraints-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!peer('openssl'))(
  `${CHAINS} random chains each, seed ${SEED}: our verdict is OpenSSL's`,
  () => {
    it('on certificate policies, mappings, constraints and inhibitors', () => {
      const questions = Array.from({ length: CHAINS }, policyQuestion);

      expect(disagreements(questions)).toEqual([]);
      expect(accepted(questions)).toBeGreaterThan(CHAINS / 10);
    });

    it('on name constraints of every type that has rules', () => {
      const questions = Array.from({ length: CHAINS }, nameQuestion);

      expect(disagreements(questions)).toEqual([]);
      expect(accepted(questions)).toBeGreaterThan(CHAINS / 10);
    });
  },
);

const POLICIES = ['1.2.3.1', '1.2.3.2', '1.2.3.3'];

function policyQuestion(): Question {
  const policy: PolicyInputs = {
    initialSet: chance(0.4) ? [OID.anyPolicy] : [pick(POLICIES)],
    requireExplicit: chance(0.6),
    inhibitMapping: chance(0.15),
    inhibitAny: chance(0.15),
  };
  return { ...chainOf(policyExtensions), policy };
}

/** Only policies that the CA names itself are mapped. Of those that only anyPolicy stands for OpenSSL loses some, and
 *  keeps others that anyPolicy inhibited should have taken (RFC 5280 §6.1.3 (d)(2), §6.1.4 (b)(1)). */
function policyExtensions(isLeaf: boolean): Extension[] {
  const own = POLICIES.filter(() => chance(0.6));
  const any = chance(0.4) ? [OID.anyPolicy] : [];
  const mapping = { issuerDomainPolicy: pick(own), subjectDomainPolicy: pick(POLICIES) };
  const skip = () => Math.floor(random() * 3);
  return [
    ...(own.length + any.length > 0 ? [certificatePolicies([...own, ...any])] : []),
    ...(!isLeaf && own.length > 0 && chance(0.4) ? [policyMappings([mapping])] : []),
    ...(chance(0.15) ? [policyConstraints({ requireExplicitPolicy: skip() })] : []),
    ...(chance(0.2) ? [inhibitAnyPolicy(skip())] : []),
  ];
}

const DOMAINS = ['a.test', 'b.a.test', 'c.b.a.test', 'x.test', 'test', 'aa.test'];
const DIRECTORIES = ['O=A', 'O=B', 'OU=x,O=A'];

function nameQuestion(): Question {
  return chainOf((isLeaf) => (isLeaf ? [subjectAltName([anyName(), anyName()])] : constraintExtensions()));
}

function constraintExtensions(): Extension[] {
  const permittedSubtrees = Array.from({ length: Math.floor(random() * 3) }, anyBase);
  const excludedSubtrees = Array.from({ length: Math.floor(random() * 1.6) }, anyBase);
  const some = permittedSubtrees.length + excludedSubtrees.length > 0;
  return some ? [nameConstraints({ permittedSubtrees, excludedSubtrees })] : [];
}

function anyBase(): GeneralName {
  const [domain, mask] = [pick(DOMAINS), pick([0, 255])];
  return pick<GeneralName>([
    { type: 'dNSName', value: domain },
    { type: 'rfc822Name', value: pick([domain, `.${domain}`, `u@${domain}`]) },
    { type: 'uniformResourceIdentifier', value: pick([domain, `.${domain}`]) },
    { type: 'iPAddress', octets: Uint8Array.of(10, pick([0, 1]), 0, 0, 255, mask, 0, 0) },
    { type: 'directoryName', name: parseName(pick(DIRECTORIES)) },
  ]);
}

/** No wildcards: one that an excluded host could be meant by passes OpenSSL, and not us (RFC 5280 §4.2.1.10). */
function anyName(): GeneralName {
  const domain = pick(DOMAINS);
  return pick<GeneralName>([
    { type: 'dNSName', value: domain },
    { type: 'rfc822Name', value: `${pick(['u', 'v'])}@${domain}` },
    { type: 'uniformResourceIdentifier', value: `https://${domain}/x` },
    { type: 'iPAddress', octets: Uint8Array.of(10, pick([0, 1, 2]), 3, 4) },
  ]);
}

/** A leaf below one to three CAs, each with the extensions told. */
function chainOf(extensions: (isLeaf: boolean) => readonly Extension[]): Question {
  const cas: Made[] = [];
  for (let depth = 1 + Math.floor(random() * 3); depth > 0; depth -= 1) {
    const wish = { issuer: cas.at(-1) ?? root, key: KEYS[depth]!, more: extensions(false) };
    cas.push(makeCa(`CN=CA ${depth},${pick(DIRECTORIES)}`, wish));
  }
  const wish = { subject: `CN=leaf,${pick(DIRECTORIES)}`, key: KEYS[5]!, more: extensions(true) };
  return { leaf: makeLeaf(cas.at(-1)!, 'a.test', wish), root, cas };
}

function disagreements(questions: readonly Question[]): string[] {
  return questions.flatMap((question, index) => {
    const [ours, theirs] = [verdict(question), askOpenssl(question)];
    return (ours === 'accepted') === theirs
      ? []
      : [`${index}: ${ours}, OpenSSL ${theirs ? 'accepts' : 'refuses'}`];
  });
}

function accepted(questions: readonly Question[]): number {
  return questions.filter((question) => verdict(question) === 'accepted').length;
}

function verdict({ leaf, cas, policy }: Question): string {
  return verdictOf(leaf, { trusted: [root], untrusted: cas, policy: policy ?? null });
}

function askOpenssl({ leaf, cas, policy }: Question): boolean {
  const file = (name: string, made: readonly Made[]): string => {
    writeFileSync(join(folder, name), made.map(({ pem }) => pem).join(''));
    return join(folder, name);
  };
  const flags = policy === undefined ? [] : policyFlags(policy);
  const trust = ['-no-CApath', '-no-CAstore', '-CAfile', file('root.pem', [root])];
  const rest = ['-untrusted', file('cas.pem', cas), '-attime', String(NOW.getTime() / 1000)];
  return spawnSync('openssl', ['verify', ...trust, ...rest, ...flags, file('leaf.pem', [leaf])]).status === 0;
}

function policyFlags({ initialSet, requireExplicit, inhibitMapping, inhibitAny }: PolicyInputs): string[] {
  return [
    '-policy_check',
    ...initialSet.flatMap((policy) => ['-policy', policy]),
    ...(requireExplicit ? ['-explicit_policy'] : []),
    ...(inhibitMapping ? ['-inhibit_map'] : []),
    ...(inhibitAny ? ['-inhibit_any'] : []),
  ];
}

function pick<T>(values: readonly T[]): T {
  return values[Math.floor(random() * values.length)]!;
}

function chance(part: number): boolean {
  return random() < part;
}

function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return (state >>> 8) / 2 ** 24;
}
