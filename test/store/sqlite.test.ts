import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/store/migrations.js';
import { openSqliteStore } from '../../src/store/sqlite.js';
import { openDatabase } from '../../src/store/sqlite-driver.js';
import { conditionsOf } from '../../src/store/sqlite-filter.js';
import type { CertificateFilter, CertificateRecord, Store, StoreTransaction } from '../../src/store/store.js';

let folder: string;
let path: string;
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sslapi-store-'));
  path = join(folder, 'sslapi.db');
  store = await openSqliteStore(path, 'create');
  await store.transaction((transaction) =>
    transaction.insertAuthority({
      id: 'issuing',
      role: 'issuing',
      certificate: Uint8Array.of(0x30, 0),
      serialNumber: '01',
      reservedSerial: '02',
      nextUpdateSeconds: 60,
    }),
  );
});
afterEach(async () => {
  await store.close().catch(() => undefined);
  rmSync(folder, { recursive: true, force: true });
});

const code = (expected: string) => expect.objectContaining({ code: expected });

describe('a record', () => {
  it('comes back as it was put in', async () => {
    await store.transaction((transaction) => transaction.insertCertificate(RECORD));

    expect(await store.read((read) => read.certificate(RECORD.serialNumber))).toEqual(RECORD);
  });

  it('with a serial number that is there already is refused, by whatever process', async () => {
    await store.transaction((transaction) => transaction.insertCertificate(RECORD));
    const other = await openSqliteStore(path, 'open');

    await expect(
      other.transaction((transaction) => transaction.insertCertificate({ ...RECORD, name: 'bob' })),
    ).rejects.toThrow(/UNIQUE/);
    await other.close();
  });

  it('is revoked once, and stays as the first revocation said', async () => {
    await store.transaction((transaction) => transaction.insertCertificate(RECORD));
    const revoke = (reason: 'keyCompromise' | 'superseded') =>
      store.transaction((transaction) =>
        transaction.revoke(RECORD.serialNumber, { revocationDate: AT, reason, invalidityDate: null }),
      );

    expect([await revoke('keyCompromise'), await revoke('superseded')]).toEqual([true, false]);
    expect((await store.read((read) => read.certificate(RECORD.serialNumber)))?.revocation?.reason).toBe(
      'keyCompromise',
    );
  });
});

describe('certificates', () => {
  const END = new Date('2026-06-01T12:00:00Z');
  const revocation = { revocationDate: AT, reason: 'superseded', invalidityDate: null } as const;
  const later = (date: Date): Date => new Date(date.getTime() + 1000);
  const asked = async (filter: CertificateFilter): Promise<string[]> =>
    (await store.read((read) => read.certificates(filter))).map(({ name }) => name);
  beforeEach(() =>
    store.transaction(async (transaction) => {
      const put = (serialNumber: string, other: Partial<CertificateRecord>): Promise<void> =>
        transaction.insertCertificate({ ...RECORD, serialNumber, ...other });
      await put('04', { name: 'last', notBefore: later(AT) });
      await put('03', { name: 'server', profile: 'server' });
      await put('02', { name: 'gone', revocation });
      await put('01', { name: 'long', notAfter: later(END), delivered: true, line: '07' });
    }),
  );

  it.each<[CertificateFilter, string[]]>([
    [{}, ['long', 'gone', 'server', 'last']],
    [{ name: 'gone' }, ['gone']],
    [{ line: '07' }, ['long']],
    [{ delivered: true }, ['long']],
    [{ delivered: false }, ['gone', 'server', 'last']],
    [{ profiles: ['server', 'peer'] }, ['server']],
    [{ profiles: ['server', 'client'] }, ['long', 'gone', 'server', 'last']],
    [{ profiles: [] }, []],
    [{ revoked: true }, ['gone']],
    [{ revoked: false }, ['long', 'server', 'last']],
    [{ endsFrom: END }, ['long', 'gone', 'server', 'last']],
    [{ endsFrom: later(END) }, ['long']],
    [{ endsBefore: END }, []],
    [{ endsBefore: later(END) }, ['gone', 'server', 'last']],
    [{ newest: 2 }, ['server', 'last']],
    [{ profiles: ['client'], revoked: false, newest: 2 }, ['long', 'last']],
  ])('that are like %j are found, the oldest first', async (filter, names) => {
    expect(await asked(filter)).toEqual(names);
  });

  it('that live are found without a look at those that were revoked', async () => {
    await store.close();
    const database = openDatabase(path);
    const { clause } = conditionsOf({ profiles: ['server'], revoked: false, endsFrom: AT });
    const plan = database.prepare(`EXPLAIN QUERY PLAN SELECT * FROM certificate ${clause}`).all();
    database.close();

    expect(JSON.stringify(plan)).toMatch(/SEARCH certificate USING INDEX certificate_live/);
  });
});

describe('a transaction', () => {
  it('that fails leaves nothing behind', async () => {
    const failing = store.transaction(async (transaction) => {
      await transaction.insertCertificate(RECORD);
      throw new Error('half-way');
    });

    await expect(failing).rejects.toThrow('half-way');
    expect(await store.read((read) => read.certificates({}))).toEqual([]);
  });

  it('waits for that of another process, and both are kept', async () => {
    const other = await openSqliteStore(path, 'open');
    const numbers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        [store, other][index % 2]!.transaction(async (transaction) => {
          await new Promise((resolve) => setTimeout(resolve, 1));
          return transaction.takeCrlNumber('issuing');
        }),
      ),
    );
    await other.close();

    expect(new Set(numbers).size).toBe(40);
    expect(numbers.reduce((most, one) => (one > most ? one : most))).toBe(40n);
  });

  it('of another process is seen by the version', async () => {
    const other = await openSqliteStore(path, 'open');
    const before = await store.version();
    await other.transaction((transaction) => transaction.setSetting('key', 'value'));
    const [after, again] = [await store.version(), await store.version()];
    await other.close();

    expect(after).not.toBe(before);
    expect(again).toBe(after);
  });

  it('of this process is seen by the version, and never makes it what it was', async () => {
    const other = await openSqliteStore(path, 'open');
    const versions = [await store.version()];
    for (const writer of [store, other, store, other]) {
      await writer.transaction((transaction) => transaction.setSetting('key', `${versions.length}`));
      versions.push(await store.version());
    }
    await other.close();

    expect(new Set(versions).size).toBe(5);
  });
});

describe('a revocation', () => {
  const revocation = { revocationDate: AT, reason: 'superseded', invalidityDate: null } as const;

  it('is told by the serial number and the CA that gave it out', async () => {
    await store.transaction(async (transaction) => {
      await transaction.insertCertificate(RECORD);
      await transaction.insertCrlEntry('issuing', { serialNumber: '0777', ...revocation });
    });
    const ask = (serialNumber: string, authorityId?: string) =>
      store.read((read) => read.revocation(serialNumber, authorityId));

    expect(await ask(RECORD.serialNumber)).toBeNull();
    expect(await ask('ffff')).toBe('unknown');
    await store.transaction((transaction) => transaction.revoke(RECORD.serialNumber, revocation));
    for (const serialNumber of [RECORD.serialNumber, '0777']) {
      expect(await ask(serialNumber)).toEqual(revocation);
      expect(await ask(serialNumber, 'issuing')).toEqual(revocation);
      expect(await ask(serialNumber, 'root')).toBe('unknown');
    }
  });
});

describe('the version', () => {
  it('is not told of a store that was taken away, nor of one in its place', async () => {
    renameSync(path, join(folder, 'away.db'));
    await expect(store.version()).rejects.toEqual(code('ERR_IO'));
    cpSync(join(folder, 'away.db'), path);
    await expect(store.version()).rejects.toEqual(code('ERR_IO'));
  });
});

describe('the edition of revocations', () => {
  const edition = () => store.read((read) => read.revocationEdition());
  const revocation = { revocationDate: AT, reason: 'certificateHold', invalidityDate: null } as const;

  it('changes when somebody is revoked or let in again, by whatever process, and with nothing else', async () => {
    const other = await openSqliteStore(path, 'open');
    const seen = [await edition()];
    const once = async (work: (transaction: StoreTransaction) => Promise<unknown>) => {
      await other.transaction(work);
      seen.push(await edition());
    };
    await once((by) => by.insertCertificate(RECORD));
    await once((by) => by.setSetting('key', 'value'));
    await once((by) => by.revoke(RECORD.serialNumber, revocation));
    await once((by) => by.revoke(RECORD.serialNumber, revocation));
    await once((by) => by.unrevoke(RECORD.serialNumber));
    await once((by) => by.insertCertificate({ ...RECORD, serialNumber: 'ff', revocation }));
    await once((by) => by.insertCrlEntry('issuing', { serialNumber: 'fe', ...revocation }));
    await other.close();

    expect(seen).toEqual([0, 0, 0, 1, 1, 2, 3, 4]);
  });
});

describe('events', () => {
  it.each(["UPDATE event SET what = 'other'", 'DELETE FROM event'])(
    'are append-only: %s fails',
    async (sql) => {
      const event = { at: AT, who: 'me', what: 'issued', serialNumber: '0a', details: { name: 'alice' } };
      await store.transaction((transaction) => transaction.appendEvent(event));
      const database = openDatabase(path);

      expect(() => database.exec(sql)).toThrow(/events are never/);
      database.close();
      expect(await store.read((read) => read.events())).toEqual([event]);
    },
  );
});

describe('the file', () => {
  it('is whole by itself once the store is closed', async () => {
    await store.transaction((transaction) => transaction.insertCertificate(RECORD));
    await store.close();

    cpSync(path, join(folder, 'copy.db'));
    const copy = await openSqliteStore(join(folder, 'copy.db'), 'open');
    expect(await copy.read((read) => read.certificates({}))).toEqual([RECORD]);
    await copy.close();
  });

  it('is 0600', () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('of a newer sslapi is left alone', async () => {
    await store.close();
    const database = openDatabase(path);
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    database.close();

    await expect(openSqliteStore(path, 'open')).rejects.toEqual(code('ERR_STORE_NEWER'));
  });

  it('that is garbage is told to be damaged', async () => {
    await store.close();
    writeFileSync(path, 'this is no database, and long enough to hold a header of one: '.repeat(20));

    await expect(openSqliteStore(path, 'open')).rejects.toEqual(code('ERR_STORE_DAMAGED'));
  });

  it('that was cut short is told to be damaged', async () => {
    await store.close();
    const half = join(folder, 'half.db');
    cpSync(path, half);
    truncateSync(half, Math.floor(statSync(half).size / 2));
    const opened = async () => {
      const cut = await openSqliteStore(half, 'open');
      await cut.read((read) => read.certificates({})).finally(() => cut.close());
    };

    await expect(opened()).rejects.toEqual(code('ERR_STORE_DAMAGED'));
  });

  it('that is a folder cannot be opened', async () => {
    mkdirSync(join(folder, 'folder.db'));

    await expect(openSqliteStore(join(folder, 'folder.db'), 'open')).rejects.toEqual(code('ERR_PERMISSION'));
  });

  it('that is not there is no CA', async () => {
    await expect(openSqliteStore(join(folder, 'none.db'), 'open')).rejects.toEqual(code('ERR_CA_NOT_FOUND'));
  });
});

const AT = new Date('2026-03-01T12:00:00Z');
const RECORD: CertificateRecord = {
  serialNumber: '4a00000000000000000000000000000b',
  authorityId: 'issuing',
  name: 'alice',
  profile: 'client',
  line: '4a00000000000000000000000000000b',
  subject: 'CN=alice',
  issuer: 'CN=Issuing',
  subjectAltName: ['DNS:a.test', 'IP:10.0.0.7'],
  notBefore: AT,
  notAfter: new Date('2026-06-01T12:00:00Z'),
  keyType: 'ec-p256',
  signatureAlgorithm: 'ecdsaWithSHA256',
  fingerprint256: 'ab'.repeat(32),
  certificate: Uint8Array.of(0x30, 1, 0),
  delivered: false,
  folder: '/elsewhere',
  revocation: null,
};
