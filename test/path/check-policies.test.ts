import { describe, expect, it } from 'vitest';
import type { RefusalReason } from '../../src/path/path-result.js';
import type { PolicyInputs } from '../../src/path/verify-options.js';
import type { Extension } from '../../src/x509/extension.js';
import { certificatePolicies } from '../../src/x509/extensions/certificate-policies.js';
import { inhibitAnyPolicy } from '../../src/x509/extensions/inhibit-any-policy.js';
import { policyConstraints } from '../../src/x509/extensions/policy-constraints.js';
import { policyMappings } from '../../src/x509/extensions/policy-mappings.js';
import { OID } from '../../src/x509/oid.js';
import { makeCa, makeLeaf } from './certificate-maker.js';
import { verdictOf } from './verify-made.js';

const [GOLD, SILVER, BRONZE] = ['1.3.6.1.4.1.1.1', '1.3.6.1.4.1.1.2', '1.3.6.1.4.1.1.3'] as const;
const ANY = OID.anyPolicy;

/** The verdict on a path whose certificates below the root have those extensions, the leaf's last. */
function verdict(
  below: ReadonlyArray<readonly Extension[]>,
  inputs: Partial<PolicyInputs> = {},
  root: readonly Extension[] = [],
): RefusalReason | 'accepted' {
  const top = makeCa('CN=Top', { more: root });
  const cas = [top];
  for (const [index, more] of below.slice(0, -1).entries()) {
    cas.push(makeCa(`CN=CA ${index}`, { issuer: cas.at(-1)!, more }));
  }
  const leaf = makeLeaf(cas.at(-1)!, 'api.test', { more: below.at(-1)! });
  const policy = {
    initialSet: [ANY],
    requireExplicit: false,
    inhibitMapping: false,
    inhibitAny: false,
    ...inputs,
  };
  return verdictOf(leaf, { trusted: [top], untrusted: cas, policy });
}

const has = (...policies: string[]): Extension => certificatePolicies(policies);
const maps = (from: string, to: string): Extension =>
  policyMappings([{ issuerDomainPolicy: from, subjectDomainPolicy: to }]);
const explicit = { requireExplicit: true };

describe('an explicit policy (RFC 5280 §6.1)', () => {
  it.each<[string, ReadonlyArray<readonly Extension[]>, Partial<PolicyInputs>, string]>([
    ['is not needed unless asked for', [[has(GOLD)], []], {}, 'accepted'],
    ['is there where all have it', [[has(GOLD)], [has(GOLD)]], explicit, 'accepted'],
    ['is not there where one has none', [[has(GOLD)], []], explicit, 'policy-not-accepted'],
    ['is not there where they differ', [[has(GOLD)], [has(SILVER)]], explicit, 'policy-not-accepted'],
    ['is what they have in common', [[has(GOLD, SILVER)], [has(SILVER, BRONZE)]], explicit, 'accepted'],
    [
      'must be one of the user’s',
      [[has(GOLD)], [has(GOLD)]],
      { ...explicit, initialSet: [SILVER] },
      'policy-not-accepted',
    ],
    [
      'may be one of several',
      [[has(GOLD)], [has(GOLD)]],
      { ...explicit, initialSet: [SILVER, GOLD] },
      'accepted',
    ],
    [
      'is anything below anyPolicy',
      [[has(ANY)], [has(GOLD)]],
      { ...explicit, initialSet: [GOLD] },
      'accepted',
    ],
    [
      'is the user’s where all say anyPolicy',
      [[has(ANY)], [has(ANY)]],
      { ...explicit, initialSet: [GOLD] },
      'accepted',
    ],
    [
      'is no more once anyPolicy is inhibited',
      [[has(ANY)], [has(GOLD)]],
      { ...explicit, inhibitAny: true },
      'policy-not-accepted',
    ],
  ])('%s', (_what, below, inputs, outcome) => expect(verdict(below, inputs)).toBe(outcome));
});

describe('mappings', () => {
  it.each<[string, ReadonlyArray<readonly Extension[]>, Partial<PolicyInputs>, string]>([
    [
      'carry a policy over',
      [[has(GOLD), maps(GOLD, SILVER)], [has(SILVER)]],
      { ...explicit, initialSet: [GOLD] },
      'accepted',
    ],
    [
      'leave the old one behind',
      [[has(GOLD), maps(GOLD, SILVER)], [has(GOLD)]],
      explicit,
      'policy-not-accepted',
    ],
    [
      'are judged in the user’s domain',
      [[has(GOLD), maps(GOLD, SILVER)], [has(SILVER)]],
      { ...explicit, initialSet: [SILVER] },
      'policy-not-accepted',
    ],
    [
      'do nothing where inhibited',
      [[has(GOLD), maps(GOLD, SILVER)], [has(SILVER)]],
      { ...explicit, inhibitMapping: true },
      'policy-not-accepted',
    ],
    [
      'go on over two CAs',
      [[has(GOLD), maps(GOLD, SILVER)], [has(SILVER), maps(SILVER, BRONZE)], [has(BRONZE)]],
      { ...explicit, initialSet: [GOLD] },
      'accepted',
    ],
    [
      'start from anyPolicy',
      [[has(ANY), maps(GOLD, SILVER)], [has(SILVER)]],
      { ...explicit, initialSet: [GOLD] },
      'accepted',
    ],
  ])('%s', (_what, below, inputs, outcome) => expect(verdict(below, inputs)).toBe(outcome));
});

describe('constraints of a CA', () => {
  it.each<[string, ReadonlyArray<readonly Extension[]>, string]>([
    [
      'require a policy at once',
      [[has(GOLD), policyConstraints({ requireExplicitPolicy: 0 })], []],
      'policy-not-accepted',
    ],
    [
      'require one further down',
      [[has(GOLD), policyConstraints({ requireExplicitPolicy: 1 })], [], []],
      'policy-not-accepted',
    ],
    [
      'require none for as long as they say',
      [[has(GOLD), policyConstraints({ requireExplicitPolicy: 2 })], []],
      'accepted',
    ],
    [
      'inhibit mapping further down',
      [
        [has(GOLD), policyConstraints({ requireExplicitPolicy: 0, inhibitPolicyMapping: 0 })],
        [has(GOLD), maps(GOLD, SILVER)],
        [has(SILVER)],
      ],
      'policy-not-accepted',
    ],
    [
      'inhibit anyPolicy',
      [[has(GOLD), inhibitAnyPolicy(0), policyConstraints({ requireExplicitPolicy: 0 })], [has(ANY)]],
      'policy-not-accepted',
    ],
  ])('%s', (_what, below, outcome) => expect(verdict(below)).toBe(outcome));

  it('an anchor’s hold as well (RFC 5937)', () => {
    const requires = [policyConstraints({ requireExplicitPolicy: 0 })];

    expect(verdict([[has(GOLD)], []], {}, requires)).toBe('policy-not-accepted');
    expect(verdict([[has(GOLD)], [has(GOLD)]], {}, requires)).toBe('accepted');
  });
});

it('mappings that multiply from CA to CA take no more time than there are certificates (RFC 9618)', () => {
  const ids = Array.from({ length: 60 }, (_, index) => `1.3.6.1.4.1.2.${index + 1}`);
  const all = policyMappings(
    ids.flatMap((from) => ids.map((to) => ({ issuerDomainPolicy: from, subjectDomainPolicy: to }))),
  );
  const level = [has(...ids), all];
  const start = performance.now();

  const outcome = verdict([...Array.from({ length: 10 }, () => level), [has(ids[0]!)]], explicit);

  expect(outcome).toBe('accepted');
  expect(performance.now() - start).toBeLessThan(5000);
});

it('more policies than anybody has end in a reason', () => {
  const many = Array.from({ length: 1200 }, (_, index) => `1.3.6.1.4.1.3.${index + 1}`);

  expect(verdict(Array.from({ length: 9 }, () => [has(...many)]))).toBe('policy-budget-exceeded');
});
