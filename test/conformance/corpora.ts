import { existsSync, readFileSync } from 'node:fs';

/** A question with the answer that its suite expects. */
export interface Case {
  readonly id: string;
  readonly expected: 'accept' | 'refuse';
  readonly optional: boolean;
  readonly description: string;
  /** A line that `verify --batch` reads. */
  readonly input: Record<string, unknown>;
}

/** Octets that once upset a parser. */
export interface Malformed {
  readonly id: string;
  readonly kind: 'certificate' | 'crl' | 'any';
  readonly der: string;
}

/** The suites of which a part lies beside the project; null where they are not there. */
export function readCorpus<T = Case>(name: 'limbo' | 'pkits' | 'x509test' | 'malformed'): T[] | null {
  const file = new URL(`../../../shared/corpora/${name}.jsonl`, import.meta.url);
  if (!existsSync(file)) return null;
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

/** The first parts of an id: what the table of results has a line for. */
export function namespaceOf(id: string): string {
  const [suite, group, name] = id.split('::');
  return name === undefined ? suite! : `${suite}::${group}`;
}
