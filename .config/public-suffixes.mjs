// Writes src/policy/public-suffix-list.ts from the list that Debian packages (apt-get install publicsuffix).
import { readFileSync, writeFileSync } from 'node:fs';
import { domainToASCII } from 'node:url';

const text = readFileSync('/usr/share/publicsuffix/public_suffix_list.dat', 'utf8');
const rules = text
  .split('\n')
  .map((line) => line.trim())
  .filter((line) => line.includes('.') && !line.startsWith('//'));

const byTopLevel = new Map();
for (const rule of rules) {
  const [, mark, name] = /^(!|\*\.)?(.*)$/.exec(rule);
  const labels = domainToASCII(name).split('.');
  const top = labels.pop();
  byTopLevel.set(top, [...(byTopLevel.get(top) ?? []), `${mark ?? ''}${labels.join('.')}`]);
}

const lines = [...byTopLevel].map(([top, names]) => `${top} ${names.join(' ')}`);
const version = process.argv[2] ?? 'unknown';
writeFileSync(
  new URL('../src/policy/public-suffix-list.ts', import.meta.url),
  `// This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not
// distributed with this file, You can obtain one at https://mozilla.org/MPL/2.0/.
// Its data are the Public Suffix List's (https://publicsuffix.org), as of ${version}, written by .config/public-suffixes.mjs.

/** Public suffixes of more than one label, ICANN's and private ones: a line a top-level domain, which leads it; then the
 *  labels before it, \`*.\` for any label and \`!\` for an exception. */
export const PUBLIC_SUFFIX_LIST = \`
${lines.join('\n')}
\`;
`,
);
