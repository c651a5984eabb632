import { PUBLIC_SUFFIX_LIST } from './public-suffix-list.js';

/** Whether everybody may register names below this one: `com`, `co.uk`, `s3.amazonaws.com`. By the algorithm of
 *  publicsuffix.org, whose default rule makes every top-level domain one.
 *  @param domain A-labels in lower case, without a period at the end */
export function isPublicSuffix(domain: string): boolean {
  if (!domain.includes('.')) return true;
  rules ??= readRules();
  if (rules.has(`!${domain}`)) return false;
  return rules.has(domain) || rules.has(`*.${domain.slice(domain.indexOf('.') + 1)}`);
}

function readRules(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of PUBLIC_SUFFIX_LIST.trim().split('\n')) {
    const [top, ...names] = line.split(' ');
    for (const name of names) found.add(name === '*.' ? `*.${top}` : `${name}.${top}`);
  }
  return found;
}

/** Read when first asked: it is of use for one rule of one profile. */
let rules: ReadonlySet<string> | undefined;
