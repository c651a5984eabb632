import { SslapiError } from '../errors.js';
import type { SqliteDatabase, SqliteValue } from './sqlite-driver.js';
import type { Row } from './sqlite-rows.js';

/** A prepared question. */
export interface Reading {
  rows(values: readonly SqliteValue[]): Row[];
  row(values: readonly SqliteValue[]): Row | undefined;
}

/** Prepares a SELECT whose text comes back as octets that are decoded here: libsql ends the whole process where text of a
 *  damaged store is no UTF-8. One JSON array a row, the certificate apart, costs less than a value a column.
 *  @throws SslapiError ERR_STORE_DAMAGED, as it is read */
export function prepareReading(database: SqliteDatabase, sql: string): Reading {
  const names = database
    .prepare(sql)
    .columns()
    .map(({ name }) => name);
  const texts = names.filter((name) => name !== BLOB);
  const blob = names.includes(BLOB) ? `, ${BLOB}` : '';
  const statement = database.prepare(
    `SELECT CAST(json_array(${texts.map((name) => `"${name}"`).join(', ')}) AS BLOB) AS texts${blob} FROM (${sql})`,
  );
  const decoded = (read: unknown): Row => {
    const { texts: octets, certificate } = read as { texts: ArrayBuffer; certificate?: SqliteValue };
    const row: Row = certificate === undefined ? {} : { certificate };
    const values = textsOf(octets);
    for (const [index, name] of texts.entries()) row[name] = values[index] ?? null;
    return row;
  };
  return {
    rows: (values) => statement.all([...values]).map(decoded),
    row: (values) => {
      const read = statement.get([...values]);
      return read === undefined ? undefined : decoded(read);
    },
  };
}

function textsOf(octets: ArrayBuffer): SqliteValue[] {
  try {
    return JSON.parse(UTF_8.decode(octets)) as SqliteValue[];
  } catch (cause) {
    throw new SslapiError('ERR_STORE_DAMAGED', 'the store is damaged (a row of it is no text)', { cause });
  }
}

/** The one column that is no text and no number. */
const BLOB = 'certificate';
const UTF_8 = new TextDecoder('utf-8', { fatal: true });
