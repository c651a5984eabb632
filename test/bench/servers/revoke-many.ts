import type { CertificateAuthority } from '../../../src/ca/certificate-authority.js';
import { openDatabase } from '../../../src/store/sqlite-driver.js';

/** Puts so many revoked certificates into the store of a CA at once, as if they had been issued and revoked one by one. */
export async function revokeMany(ca: CertificateAuthority, count: number): Promise<void> {
  const [pattern] = await ca.list();
  const database = openDatabase(ca.folder.at('sslapi.db'));
  const columns = database.prepare('SELECT * FROM certificate LIMIT 0').columns();
  const taken = columns.map(({ name }) => VALUES[name] ?? name).join(', ');
  try {
    database.exec(`
      PRAGMA cache_size = -1000000;
      PRAGMA synchronous = OFF;
      BEGIN IMMEDIATE;
      WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < ${count})
        INSERT INTO certificate SELECT ${taken} FROM certificate, number
         WHERE serial_number = '${pattern!.serialNumber}';
      COMMIT;
      PRAGMA wal_checkpoint(TRUNCATE)`);
  } finally {
    database.close();
  }
}

/** What is each one's own. */
const VALUES: Readonly<Record<string, string>> = {
  serial_number: "'7f' || printf('%030x', n)",
  line: "'revoked-' || n",
  name: "'revoked-' || n",
  fingerprint256: 'lower(hex(randomblob(32)))',
  revocation_date: 'not_before',
  revocation_reason: "'superseded'",
};
