import type { SqliteDatabase, SqliteValue } from './sqlite-driver.js';
import { prepareReading, type Reading } from './sqlite-reading.js';
import type { Row } from './sqlite-rows.js';

/** The statements of a database, each prepared once. */
export class SqliteStatements {
  readonly #database: SqliteDatabase;
  readonly #readings = new Map<string, Reading>();
  readonly #statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>();

  constructor(database: SqliteDatabase) {
    this.#database = database;
  }

  rows(sql: string, ...values: SqliteValue[]): Row[] {
    return this.#reading(sql).rows(values);
  }

  row(sql: string, ...values: SqliteValue[]): Row | undefined {
    return this.#reading(sql).row(values);
  }

  /** @returns how many rows it changed */
  run(sql: string, ...values: SqliteValue[]): number {
    return this.#statement(sql).run(values).changes;
  }

  /** Before the database is closed. */
  forget(): void {
    this.#statements.clear();
    this.#readings.clear();
  }

  #reading(sql: string): Reading {
    const known = this.#readings.get(sql);
    if (known !== undefined) return known;
    const reading = prepareReading(this.#database, sql);
    this.#readings.set(sql, reading);
    return reading;
  }

  #statement(sql: string): ReturnType<SqliteDatabase['prepare']> {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const statement = this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
