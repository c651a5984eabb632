import { describe, expect, it } from 'vitest';
import { readPathCertificate } from '../../src/path/path-certificate.js';
import { readPathCrl } from '../../src/path/path-crl.js';
import { REFUSALS } from '../../src/path/path-result.js';
import { batchAnswerer } from '../../src/path/verify-line.js';
import { type Case, type Malformed, namespaceOf, readCorpus } from './corpora.js';

/** Where we differ from a suite on purpose, and the clause that we follow. */
const DIFFERENCES: Readonly<Record<string, string>> = {
  'pkits::s01-SignatureVerification::t4.1.4-Valid-DSA-Signatures-Test4':
    'DSA is no key of our default policy: FIPS 186-5 §1 withdraws it',
  'pkits::s01-SignatureVerification::t4.1.5-Valid-DSA-Parameter-Inheritance-Test5':
    'DSA is no key of our default policy: FIPS 186-5 §1 withdraws it',
  'x509test::ok-ext-name-constraints':
    'constraints on "*.google.co.uk" and "http://example.com": RFC 5280 §4.2.1.10 has domains and hosts there',
  'x509test::ok-inherited-keyparams': 'signed with DSA and SHA-1: FIPS 186-5 §1, NIST SP 800-131A §3',
};

/** Right, wrongly accepted, wrongly refused: never a bare percentage. */
const EXPECTED: Readonly<Record<string, readonly [right: number, accepted: number, refused: number]>> = {
  limbo: [119, 0, 0],
  pkits: [147, 0, 2],
  x509test: [90, 0, 2],
};

interface Answer {
  readonly id: string;
  readonly ok: boolean;
  readonly reason?: string;
  readonly message?: string;
}

describe('the suites that others measure validators with', () => {
  it.each(Object.keys(EXPECTED) as ('limbo' | 'pkits' | 'x509test')[])('%s', (suite) => {
    const cases = corpus(suite);
    if (cases === null) return;

    const answered = cases.map((one) => [one, answerTo(one)] as const);

    const wrong = answered.filter(([one, { ok }]) => ok !== (one.expected === 'accept'));
    console.log(table(answered));
    expect(wrong.map(([one, { reason = 'accepted' }]) => `${one.id}: ${reason}`)).toEqual(
      wrong.filter(([{ id }]) => id in DIFFERENCES).map(([{ id }, { reason }]) => `${id}: ${reason}`),
    );
    expect(count(answered)).toEqual(EXPECTED[suite]);
  });

  it('DSA is refused for its key, not by chance', () => {
    const cases = corpus('pkits');
    if (cases === null) return;

    const dsa = cases.filter(({ id }) => /Valid-DSA/.test(id) && id in DIFFERENCES).map(answerTo);

    expect(dsa.map(({ reason }) => reason)).toEqual(['weak-key', 'weak-key']);
  });

  it('every refusal is one of the listed reasons, and says why in a sentence', () => {
    const cases = (['limbo', 'pkits', 'x509test'] as const).flatMap((suite) => corpus(suite) ?? []);

    const refused = cases.map(answerTo).filter(({ ok }) => !ok);

    expect(refused.filter(({ reason }) => !(reason !== undefined && reason in REFUSALS))).toEqual([]);
    expect(refused.filter(({ message = '' }) => message.length < 10)).toEqual([]);
  });

  it('what once upset a parser gets an answer, quickly', () => {
    const samples = corpus<Malformed>('malformed');
    if (samples === null) return;

    const slow = samples.filter((sample) => {
      const start = performance.now();
      judgeOctets(sample);
      return performance.now() - start > 500;
    });

    expect(slow.map(({ id }) => id)).toEqual([]);
  });
});

const answer = batchAnswerer(() => new Date());

function answerTo({ id, input }: Case): Answer {
  return JSON.parse(answer(JSON.stringify({ id, ...input }))) as Answer;
}

/** Each is taken for everything that it could be: none may throw. */
function judgeOctets({ der }: Malformed): void {
  const octets = new Uint8Array(Buffer.from(der, 'base64'));
  const certificate = readPathCertificate(octets);
  if (!('reason' in certificate)) void certificate.decoded;
  readPathCrl(octets);
}

function count(answered: ReadonlyArray<readonly [Case, Answer]>): [number, number, number] {
  const right = answered.filter(([one, { ok }]) => ok === (one.expected === 'accept')).length;
  const accepted = answered.filter(([one, { ok }]) => ok && one.expected === 'refuse').length;
  return [right, accepted, answered.length - right - accepted];
}

function table(answered: ReadonlyArray<readonly [Case, Answer]>): string {
  const groups = groupByNamespace(answered);
  const rows = [...groups].map(([name, group]) => [name, ...count(group)]);
  return [['namespace', 'right', 'wrongly accepted', 'wrongly refused'], ...rows]
    .map(
      ([name, ...figures]) =>
        `${String(name).padEnd(52)}${figures.map((one) => String(one).padStart(18)).join('')}`,
    )
    .join('\n');
}

function groupByNamespace<T extends readonly [Case, Answer]>(answered: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of answered) {
    const name = namespaceOf(one[0].id);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return groups;
}

/** The corpora lie beside the project; in CI they must. */
function corpus<T = Case>(name: 'limbo' | 'pkits' | 'x509test' | 'malformed'): T[] | null {
  const cases = readCorpus<T>(name);
  if (cases === null && process.env['CI'] === 'true') throw new Error(`the corpus ${name} is not there`);
  if (cases === null) console.log(`skipped: the corpus ${name} is not there`);
  return cases;
}
