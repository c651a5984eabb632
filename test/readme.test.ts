import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../src/cli/command-list.js';
import { crlsInWords } from '../src/config/crls-in-words.js';
import { TARGETS } from '../src/config/targets.js';
import { ERRORS } from '../src/errors.js';
import { LINTS } from '../src/lint/lints/index.js';
import { REFUSALS } from '../src/path/path-result.js';
import { CHECKS } from '../src/probe/checks/index.js';
import { serverMetrics } from '../src/server/metrics.js';
import { SERVER_TITLES } from '../src/server/page/live-counts.js';
import type { ServerContext } from '../src/server/server-context.js';
import { ServerCounts } from '../src/server/server-counts.js';
import { ARTEFACTS, readmeRows, recordedRows } from './interop/peer-table.js';
import { readRecording } from './lab-faults/rivals.js';
import { cellsOf, HEADINGS, tableRows } from './lab-faults/table.js';
import { clientCells, clientHeadings, recordedClients } from './server/bad/client-table.js';

/** The tables of the README that are made of the code's own lists; `npm run readme` writes them. */
const TABLES: Readonly<Record<string, string>> = {
  errors: table(
    ['code', 'exit', 'what to do'],
    Object.entries(ERRORS).map(([code, { exitCode, hint }]) => [`\`${code}\``, String(exitCode), hint]),
  ),
  refusals: table(
    ['reason', 'what is wrong', 'what to do', 'clause'],
    Object.entries(REFUSALS).map(([code, { title, remedy, clause }]) => [
      `\`${code}\``,
      title,
      remedy,
      clause,
    ]),
  ),
  targets: table(
    [
      'target',
      'server',
      'CRLs',
      'tells the upstream who it is',
      '`--allow`',
      'limits each client',
      'tested with',
    ],
    TARGETS.map((one) => [
      `\`${one.name}\``,
      one.title,
      crlsInWords(one),
      one.passesIdentity ? 'yes' : one.passesOn ? 'no' : '–',
      ...[one.allowsByName, one.limitsClients].map((can) => (can ? 'yes' : 'no')),
      one.tested ?? 'untested',
    ]),
  ),
  peers: table(['read by', ...ARTEFACTS], readmeRows(recordedRows())),
  checks: table(
    ['id', 'claim', 'severity', 'citation'],
    [...CHECKS, ...LINTS].map(({ id, title, severity, citation }) => [
      `\`${id}\``,
      title,
      severity,
      citation,
    ]),
  ),
  faults: table(HEADINGS, tableRows().map(cellsOf)),
  metrics: table(
    ['metric', 'type', 'labels', 'what it tells'],
    serverMetrics({ counts: new ServerCounts(() => 0) } as ServerContext).described.map((one) => [
      `\`${one.name}\``,
      one.type,
      one.labelNames.map((label) => `\`${label}\``).join(', '),
      one.help.replace(/\.$/, ''),
    ]),
  ),
  serverRefusals: table(
    ['code', 'what is wrong'],
    Object.entries(SERVER_TITLES).map(([code, title]) => [`\`${code}\``, title]),
  ),
  clients: table(clientHeadings(recordedClients()), clientCells(recordedClients())),
};

describe('the README says what the code holds', () => {
  it.each(Object.keys(TABLES))('in its table of %s', (name) => {
    const readme = readFileSync('README.md', 'utf8');
    const written = withTable(readme, name);
    if (process.env['SSLAPI_WRITE_README'] === '1') writeFileSync('README.md', written);

    expect(readFileSync('README.md', 'utf8')).toBe(written);
  });

  it('of the lab of faults: how many there are, and when other scanners were asked', () => {
    const readme = readFileSync('README.md', 'utf8');

    expect(readme).toContain(`${tableRows().length} faults of five servers`);
    expect(readme).toContain(`on ${readRecording()?.recordedAt}`);
  });

  it('of every command, and of no other', () => {
    const section = readFileSync('README.md', 'utf8').split('## Every command')[1]!.split('### ')[0]!;
    const told = [...section.matchAll(/^\| `([a-z-]+)/gm)].map(([, name]) => name);

    expect(told.sort()).toEqual(COMMANDS.map(({ name }) => name).sort());
  });
});

function withTable(readme: string, name: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [head, rest] = readme.split(begin) as [string, string];
  return `${head}${begin}\n${TABLES[name]}${end}${rest.split(end)[1]}`;
}

function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(headings) + line(headings.map(() => '---')) + rows.map(line).join('');
}
