import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePem } from '../../src/x509/pem.js';
import { build } from '../build.js';
import { peer } from '../peers/peer.js';
import { type Made, PEER_READERS, type PeerReader } from './peer-readers.js';
import {
  ARTEFACTS,
  type Cell,
  type PeerRow,
  RECORD,
  recordedRows,
  TABLE_KEY_TYPES,
  type TableKeyType,
} from './peer-table.js';
import { Workplace } from './sslapi.js';

const PASSWORD = 'correct horse';
const WRITES = process.env['SSLAPI_WRITE_README'] === '1';
const recorded = existsSync(RECORD) ? recordedRows() : [];
const measured: PeerRow[] = [];
const places = new Map<TableKeyType, Workplace>();
const made: Made = {
  password: PASSWORD,
  paths: {
    certificate: 'pki/issued/alice/cert.pem',
    CRL: 'pki/crl/issuing.crl',
    key: 'pki/issued/alice/privkey.pem',
    'encrypted key': 'pki/issued/bob/privkey.pem',
    p12: 'alice.p12',
    'p12-legacy': 'alice-legacy.p12',
  },
};

beforeAll(async () => {
  build();
  for (const keyType of TABLE_KEY_TYPES) places.set(keyType, await stocked(keyType));
}, 120_000);
afterAll(() => {
  for (const place of places.values()) place.remove();
  if (WRITES) writeFileSync(RECORD, `${JSON.stringify(measured, null, 1)}\n`);
});

describe('other programs read what is made, or are known not to', () => {
  it.each(
    PEER_READERS.filter(({ program }) => peer(program)).map((reader) => [reader.peer, reader] as const),
  )(
    '%s',
    async (name, reader) => {
      const row = await measure(reader);

      measured.push(row);
      if (WRITES) return;
      expect(row.cells).toEqual(recorded.find((one) => one.peer === name)?.cells);
    },
    120_000,
  );

  it.runIf(peer('openssl'))(
    'and none reads what was damaged: a cell can say no',
    async () => {
      const place = places.get('ec-p256')!;
      for (const path of Object.values(made.paths)) {
        const octets = readFileSync(place.at(path));
        const text = octets.toString('latin1');
        octets[octets.length >> 1]! ^= 1;
        const damaged = text.startsWith('-----') ? text.replace(/\n(....)/, '\nAAAA') : octets;
        writeFileSync(place.at(`damaged-${path.replaceAll('/', '-')}`), damaged);
      }
      const paths = Object.fromEntries(
        Object.entries(made.paths).map(([artefact, path]) => [
          artefact,
          `damaged-${path.replaceAll('/', '-')}`,
        ]),
      ) as Made['paths'];

      for (const reader of PEER_READERS.filter(({ program }) => peer(program))) {
        const cells = await reader.read(place, { ...made, paths });
        expect([reader.peer, ...new Set(cells.values())]).toEqual([reader.peer, 'refuses']);
      }
    },
    120_000,
  );
});

async function measure({ peer: name, version, artefacts, read }: PeerReader): Promise<PeerRow> {
  const cells = Object.fromEntries(ARTEFACTS.map((artefact) => [artefact, {} as Record<TableKeyType, Cell>]));
  for (const [keyType, place] of places) {
    const found = await read(place, made);
    for (const artefact of ARTEFACTS)
      cells[artefact]![keyType] = artefacts.includes(artefact) ? (found.get(artefact) ?? 'refuses') : 'none';
  }
  const [program, words, pattern] = version;
  const { stdout } = await places.get('ec-p256')!.program(program, words);
  return { peer: name, version: pattern.exec(stdout)?.[1] ?? '', cells: cells as PeerRow['cells'] };
}

/** A CA whose keys, and those of its leaves, are all of that type. */
async function stocked(keyType: TableKeyType): Promise<Workplace> {
  const place = new Workplace();
  writeFileSync(place.at('password'), `${PASSWORD}\n`);
  const type = ['--key-type', keyType];
  const exporting = ['--export-password-file', 'password'];
  await place.ok('init-ca', '--no-password', ...type);
  await place.ok('issue-server', 'alice', '--san', '127.0.0.1', ...type);
  await place.ok('issue-client', 'bob', ...type, '--encrypt-key', '--key-password-file', 'password');
  await place.ok('issue-client', 'mallory');
  await place.ok('revoke', 'mallory');
  await place.ok('export', 'alice', '--out', made.paths.p12, ...exporting);
  await place.ok(
    'export',
    'alice',
    '--format',
    'p12-legacy',
    '--out',
    made.paths['p12-legacy'],
    ...exporting,
  );
  const issuer = readFileSync(place.at('pki/issued/alice/chain.pem'), 'latin1');
  writeFileSync(place.at('issuer.pem'), issuer);
  writeFileSync(place.at('issuer.der'), decodePem(issuer)[0]!.der);
  return place;
}
