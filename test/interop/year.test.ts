import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import { DAY_MS } from '../../src/ca/validity-period.js';
import { renderConfig } from '../../src/config/render.js';
import { freePort } from '../free-port.js';
import { peer } from '../peers/peer.js';

const LIBRARY = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
  .map((folder) => `${folder}/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path));
const there = peer('nginx') && peer('curl') && peer('faketime') && LIBRARY !== undefined;
/** When the one is revoked that must not come in after it. */
const REVOKED_ON = 100;

describe.runIf(there)('a year in a minute, before a real nginx whose clock is moved', () => {
  let year: Year;
  beforeAll(async () => {
    year = await Year.begin();
  });
  afterAll(() => year?.end());

  it('with a job once a day nobody good is ever refused, and nobody revoked let in', async () => {
    const wrong: string[] = [];
    for (let day = 1; day <= 365; day += 1) {
      year.passTo(day);
      if ((await year.isDue()) && (await year.ask('alice')) !== 200)
        wrong.push(`day ${day}: alice before the job`);
      const changed = await year.job();
      if (day === REVOKED_ON) await year.revoke('mallory');
      if (!changed && day % 7 !== 0 && day !== REVOKED_ON) continue;
      const [alice, mallory] = await Promise.all([year.ask('alice'), year.ask('mallory')]);
      if (alice !== 200) wrong.push(`day ${day}: alice ${alice}`);
      if (mallory !== (day < REVOKED_ON ? 200 : 400)) wrong.push(`day ${day}: mallory ${mallory}`);
    }

    expect(wrong).toEqual([]);
    expect(year.changes.get('crl')).toBeGreaterThanOrEqual(14);
    expect(year.changes.get('alice')).toBeGreaterThanOrEqual(5);
    expect(year.changes.get('localhost')).toBeGreaterThanOrEqual(8);
    expect((await year.ca.status()).due).toEqual([]);
  }, 60_000);

  it('without it the outage comes in the very hour that status foretold', async () => {
    const foretold = await year.ca.status({ at: new Date(year.now().getTime() + 365 * DAY_MS) });
    const [first] = foretold.due;
    const hour = 1 / 24;
    const end = year.dayOf(first!.dueAt);

    year.passTo(end - hour);
    expect(await year.ask('alice')).toBe(200);
    year.passTo(end + hour);
    expect(await year.ask('alice')).toBe(400);
    expect(first).toMatchObject({ kind: 'crl', name: 'issuing' });
    expect(year.log()).toContain('CRL has expired');

    await year.job(); // and one run of the job ends it
    expect(await year.ask('alice')).toBe(200);
    expect(await year.ask('mallory')).toBe(400);
  }, 20_000);
});

/** A PKI, an nginx on it and a clock that all of them go by. */
class Year {
  readonly folder: string;
  readonly ca: CertificateAuthority;
  readonly changes = new Map<string, number>();
  readonly #clock: { day: number };
  readonly #start = new Date();
  #nginx: ChildProcess | undefined;
  #port = 0;
  #log = '';

  private constructor(folder: string, ca: CertificateAuthority, clock: { day: number }) {
    this.folder = folder;
    this.ca = ca;
    this.#clock = clock;
  }

  static async begin(): Promise<Year> {
    const folder = mkdtempSync(join(tmpdir(), 'sslapi-year-'));
    chmodSync(folder, 0o755); // nginx's workers are nobody, and read the clock there
    const clock = { day: 0 };
    const now = () => new Date(Date.now() + clock.day * DAY_MS);
    const { ca } = await CertificateAuthority.create({ pki: join(folder, 'pki'), passphrase: null, now });
    await ca.issueServer({ commonName: 'localhost', validityDays: 60 });
    await ca.issueClient({ commonName: 'alice' });
    await ca.issueClient({ commonName: 'mallory', validityDays: 397 });
    const year = new Year(folder, ca, clock);
    await year.#serve();
    return year;
  }

  now(): Date {
    return new Date(Date.now() + this.#clock.day * DAY_MS);
  }

  dayOf(moment: Date): number {
    return (moment.getTime() - this.#start.getTime()) / DAY_MS;
  }

  passTo(day: number): void {
    this.#clock.day = day;
    writeFileSync(join(this.folder, 'clock'), `${offsetOf(day)}\n`);
  }

  /** What cron runs: `gen-crl --refresh` and `renew --due --rekey`, each with a reload after a change. */
  async job(): Promise<boolean> {
    const { written } = await this.ca.generateCrls({ onlyDue: true });
    if (written.some(({ authority }) => authority.role === 'issuing')) this.#count('crl');
    const due = await this.ca.dueForRenewal();
    for (const record of due) {
      await this.ca.renew(record, { rekey: true });
      this.#count(record.name);
    }
    const changed = written.length + due.length > 0;
    if (changed) await this.#reload();
    return changed;
  }

  /** Whether the next job will change something. */
  async isDue(): Promise<boolean> {
    return (await this.ca.crlsDue()).length + (await this.ca.dueForRenewal()).length > 0;
  }

  async revoke(name: string): Promise<void> {
    await this.ca.revoke(await this.ca.find(name));
    await this.#reload();
  }

  /** The status that nginx answers, to a curl that goes by the same clock; 0 where there is none. */
  ask(name: string): Promise<number> {
    const at = (file: string) => join(this.folder, 'pki', 'issued', name, file);
    const args = [
      ...[
        '-s',
        '-o',
        '/dev/null',
        '-w',
        '%{http_code}',
        '--max-time',
        '10',
        '--cacert',
        join(this.folder, 'pki', 'ca.crt'),
      ],
      ...['--cert', at('fullchain.pem'), '--key', at('privkey.pem'), `https://localhost:${this.#port}/`],
    ];
    return new Promise((settle) =>
      execFile('curl', args, { env: this.#environment() }, (_error, stdout) => settle(Number(stdout))),
    );
  }

  log(): string {
    return this.#log;
  }

  async end(): Promise<void> {
    if (this.#nginx !== undefined && this.#nginx.exitCode === null) {
      const ended = once(this.#nginx, 'exit');
      this.#nginx.kill('SIGTERM');
      await Promise.race([ended, sleep(5000).then(() => this.#nginx?.kill('SIGKILL'))]);
    }
    await this.ca.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #serve(): Promise<void> {
    this.#port = await freePort();
    this.passTo(0);
    const { folder } = this.ca;
    const configuration = renderConfig({
      target: 'nginx',
      level: 'intermediate',
      clientAuth: 'require',
      serverName: 'localhost',
      listen: { host: '127.0.0.1', port: this.#port },
      files: {
        fullchain: folder.at('issued', 'localhost', 'fullchain.pem'),
        privkey: folder.at('issued', 'localhost', 'privkey.pem'),
        caChain: folder.at('ca-chain.crt'),
        crlChain: folder.at('crl-chain.pem'),
      },
      standalone: true,
      runtimeFolder: this.folder,
    });
    const file = join(this.folder, 'nginx.conf');
    const clock = Object.entries(this.#environment()).filter(([name]) => name !== 'PATH');
    const kept = clock.map(([name, value]) => `env "${name}=${value}";\n`); // or a reload forgets them
    writeFileSync(file, `${kept.join('')}${configuration}`);
    this.#nginx = spawn('nginx', ['-e', 'stderr', '-c', file, '-g', 'daemon off;'], {
      env: this.#environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#nginx.stdout!, this.#nginx.stderr!])
      stream.on('data', (chunk) => (this.#log += chunk));
    for (let tries = 0; (await this.ask('alice')) !== 200; tries += 1) {
      if (tries > 900 || this.#nginx.exitCode !== null)
        throw new Error(`nginx does not answer:\n${this.#log}`);
      await sleep(50);
    }
  }

  /** Until the processes that knew the old files take no new connection. */
  async #reload(): Promise<void> {
    const before = this.#workers();
    this.#nginx!.kill('SIGHUP');
    for (let tries = 0; tries < 3_000; tries += 1) {
      if (!this.#workers().some((worker) => before.includes(worker))) return;
      await sleep(10);
    }
    throw new Error(`nginx did not reload:\n${this.#log}`);
  }

  #workers(): string[] {
    const { pid } = this.#nginx!;
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .split(' ')
      .filter((one) => one !== '');
  }

  #count(what: string): void {
    this.changes.set(what, (this.changes.get(what) ?? 0) + 1);
  }

  #environment(): NodeJS.ProcessEnv {
    return {
      PATH: `${process.env['PATH']}:/usr/sbin`,
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: join(this.folder, 'clock'),
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }
}

/** As libfaketime reads it: seconds from the true time on. */
function offsetOf(day: number): string {
  return `+${Math.round(day * 86_400)}`;
}
