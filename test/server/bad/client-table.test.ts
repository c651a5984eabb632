import { existsSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BAD_KINDS } from '../../../src/server/bad/kinds/index.js';
import { peer } from '../../peers/peer.js';
import { type BadLab, badLab } from './bad-lab.js';
import { CLIENT_PROGRAMS, type ClientProgram, versionOf } from './client-programs.js';
import { type Cell, type ClientRow, RECORD, recordedClients } from './client-table.js';

const WRITES = process.env['SSLAPI_WRITE_README'] === '1';
const recorded = existsSync(RECORD) ? recordedClients() : [];
const measured: ClientRow[] = [];
let lab: BadLab;
beforeAll(async () => {
  lab = await badLab();
});
afterAll(async () => {
  await lab?.close();
  if (WRITES) writeFileSync(RECORD, `${JSON.stringify(renewed(), null, 2)}\n`);
});

/** What is not installed here stays as it was recorded. */
function renewed(): ClientRow[] {
  const rows = [...measured, ...recorded];
  return CLIENT_PROGRAMS.flatMap(({ client }) => rows.find((row) => row.client === client) ?? []);
}

describe('the table of clients holds of', () => {
  it.each(CLIENT_PROGRAMS.filter(({ program }) => peer(program)).map((one) => [one.client, one] as const))(
    '%s',
    async (client, program) => {
      const row = await measure(program);

      measured.push(row);
      expect(row.cells['good'], 'the control').toBe('accepts');
      if (WRITES) return;
      const known = recorded.find((one) => one.client === client);
      if (branchOf(known?.version) === branchOf(row.version)) expect(row.cells).toEqual(known?.cells);
      else console.warn(`the table is of ${client} ${known?.version}, this is ${row.version}`);
    },
    120_000,
  );
});

it('has a cell of every client for every kind', () => {
  for (const { client, cells } of WRITES ? measured : recorded)
    expect([client, ...Object.keys(cells)]).toEqual([client, ...BAD_KINDS.map(({ id }) => id)]);
});

/** A client accepts where it reads an answer, and where it went along as far as a server went: what it says itself and what the
 *  server saw of it have to agree. */
async function measure(program: ClientProgram): Promise<ClientRow> {
  const { ca, folder, servers, events } = lab;
  const ports = new Map(servers.serving.map(({ kind, address }) => [kind.id, address.port]));
  if (program.checksCrls) for (const id of ['good', 'revoked']) ports.set(`crl:${id}`, lab.portOf(id));
  events.length = 0;
  const at = (file: string) => ca.folder.at(file);
  const said = await program.call({
    ...{ folder, ports },
    ...{ ca: at('ca.crt'), caChain: at('ca-chain.crt'), crl: at('crl-chain.pem') },
  });
  const accepted = new Set(said.filter((one) => one.accepted).map(({ name }) => name));
  expect([...ports.keys()].sort()).toEqual(said.map(({ name }) => name).sort());
  expect(program.checksCrls && !accepted.has('crl:good'), 'the control, with the CRL').toBe(false);
  const cells = servers.serving.map(({ kind: { id, answers } }): [string, Cell] => {
    const isSeen = events.some(({ bad, outcome }) => bad === id && outcome === 'accepted');
    if (answers === 'hello') return [id, isSeen ? 'accepts' : 'refuses'];
    expect({ id, accepted: accepted.has(id) }).toEqual({ id, accepted: isSeen });
    if (!accepted.has(id)) return [id, 'refuses'];
    return [id, ports.has(`crl:${id}`) && !accepted.has(`crl:${id}`) ? 'refuses-by-crl' : 'accepts'];
  });
  return { client: program.client, version: await versionOf(program), cells: Object.fromEntries(cells) };
}

/** What is refused changes with a release, not with a mend: `3.0` of `3.0.19`. */
function branchOf(version = ''): string {
  return version.split('.').slice(0, 2).join('.');
}
