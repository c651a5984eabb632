import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigRequest } from '../../src/config/config-request.js';
import { renderFiles } from '../../src/config/render.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';

/** Whether there is a PostgreSQL: initdb, postgres and psql lie in a folder of their version. */
export function isPostgresThere(): boolean {
  return peer('pg_ctlcluster');
}

/** A database that runs on what `config` writes, again and again, in a folder beside the PKI. Root has it run by the system's
 *  user postgres. */
export class PostgresServer {
  readonly folder: string;
  readonly #bin: string;
  #child: ChildProcess | undefined;
  #port = 0;
  #log = '';

  /** @param parent of its folder: every user must be able to come to it */
  constructor(parent: string) {
    this.folder = join(parent, 'database');
    this.#bin = join('/usr/lib/postgresql', readdirSync('/usr/lib/postgresql').at(-1)!, 'bin');
    mkdirSync(this.folder);
    giveToPostgres(this.folder);
    this.#runHere('initdb', ['-D', join(this.folder, 'data'), '--auth=reject', '--no-locale', '--no-sync']);
  }

  get port(): number {
    return this.#port;
  }

  /** All that it has logged since it was started last. */
  log(): string {
    return this.#log;
  }

  /** Writes its configuration, and starts it anew.
   *  @param change what is done to each file first, to show that a test sees it */
  async start(
    wishes: Pick<ConfigRequest, 'files'> & Partial<ConfigRequest>,
    change: (text: string, name: string) => string = (text) => text,
  ): Promise<void> {
    await this.stop();
    this.#port = await freePort();
    const files = renderFiles({
      target: 'postgres',
      level: 'intermediate',
      clientAuth: 'require',
      serverName: 'localhost',
      listen: { host: '127.0.0.1', port: this.#port },
      standalone: true,
      runtimeFolder: this.folder,
      ...wishes,
    });
    for (const { name, text } of files) writeFileSync(join(this.folder, name), change(text, name));
    this.#log = '';
    const child = spawn(join(this.#bin, 'postgres'), ['-D', this.folder], { ...RUN_AS, cwd: this.folder });
    this.#child = child;
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (this.#log += chunk));
    await this.says(/ready to accept connections/);
  }

  /** Waits until its log says that again, beyond what it said when `from` was taken. */
  async says(what: RegExp, from = 0): Promise<void> {
    for (let tries = 0; !what.test(this.#log.slice(from)); tries += 1) {
      if (tries > 1000 || this.#child?.exitCode !== null)
        throw new Error(`${what} was never said:\n${this.#log}`);
      await sleep(20);
    }
  }

  /** Has it read its files again, and waits until new connections are judged by them. */
  async reload(): Promise<void> {
    const from = this.#log.length;
    this.#runHere('pg_ctl', ['reload', '-D', join(this.folder, 'data')]);
    await this.says(/received SIGHUP, reloading configuration files/, from);
  }

  /** Tells the database something, as its superuser over the Unix socket. */
  tell(sql: string): string {
    return this.#runHere('psql', [
      '-X',
      '-At',
      '-h',
      this.folder,
      '-p',
      `${this.#port}`,
      'postgres',
      '-c',
      sql,
    ]);
  }

  /** Comes as a client, through psql. */
  ask(user: string, client: PsqlClient, sql = WHO_AM_I): Promise<PsqlAnswer> {
    const env = { ...BARE, ...this.#environment(user, client) };
    return new Promise((resolve) => {
      const args = ['-X', '-At', '-w', '-c', sql];
      execFile(join(this.#bin, 'psql'), args, { env, timeout: 30_000 }, (error, stdout, stderr) =>
        resolve({ in: error === null, out: stdout.trim(), error: stderr.trim() }),
      );
    });
  }

  /** A client that stays: its psql reads what it is to say from its standard input. */
  stay(user: string, client: PsqlClient): ChildProcess {
    const env = { ...BARE, ...this.#environment(user, client) };
    return spawn(join(this.#bin, 'psql'), ['-X', '-At', '-w'], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  }

  async stop(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGINT'); // at once, without a wait for clients
    await Promise.race([once(child, 'exit'), sleep(10_000).then(() => child.kill('SIGQUIT'))]);
  }

  #environment(user: string, { ca, cert, key, password, ...more }: PsqlClient): Record<string, string> {
    return {
      PGHOST: 'localhost',
      PGHOSTADDR: '127.0.0.1',
      PGPORT: `${this.#port}`,
      PGDATABASE: 'postgres',
      PGUSER: user,
      PGCONNECT_TIMEOUT: '20',
      PGSSLMODE: 'verify-full',
      PGSSLROOTCERT: ca,
      PGSSLCERT: cert ?? '/nowhere',
      PGSSLKEY: key ?? '/nowhere',
      ...(password !== undefined && { PGPASSWORD: password }),
      ...more,
    };
  }

  #runHere(program: string, args: readonly string[]): string {
    return execFileSync(join(this.#bin, program), args, {
      ...RUN_AS,
      cwd: this.folder,
      env: BARE,
      stdio: 'pipe',
      encoding: 'utf8',
    }).trim();
  }
}

/** What psql is given: paths, and more of libpq's variables. */
export interface PsqlClient {
  readonly ca: string;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly password?: string;
  readonly [variable: `PG${string}`]: string;
}

export interface PsqlAnswer {
  /** Whether it was let in. */
  readonly in: boolean;
  readonly out: string;
  readonly error: string;
}

/** Gives a file, or a folder, to the user that PostgreSQL is run as. */
export function giveToPostgres(path: string): void {
  if (RUN_AS.uid !== undefined) chownSync(path, RUN_AS.uid, RUN_AS.gid!);
}

/** Makes that every user can come to a path, and nobody can see what else is there. */
export function open(path: string, upTo: string): void {
  for (let folder = path; folder !== dirname(upTo) && existsSync(folder); folder = dirname(folder))
    chmodSync(folder, 0o711);
}

export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

const WHO_AM_I = 'SELECT current_user, version, cipher FROM pg_stat_ssl WHERE pid = pg_backend_pid()';
const BARE = { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8' };
const RUN_AS: { uid?: number; gid?: number } =
  process.getuid?.() === 0 && existsSync('/usr/lib/postgresql') ? { uid: idOf('-u'), gid: idOf('-g') } : {};

function idOf(flag: string): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}
