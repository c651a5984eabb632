import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ConfigRequest } from '../config/config-request.js';
import { type ReadTemplate, renderFiles } from '../config/render.js';
import type { MintedCredential } from '../credentials/credential.js';
import { SslapiError } from '../errors.js';
import { type RunningProgram, startProgram } from '../host/start-program.js';
import { freePort } from '../server/free-port.js';
import { closeWithReset, connect, DEFAULT_LIMITS } from '../tls/connect.js';
import { request } from '../tls/request.js';
import type { RequestCertificate, RequestOutcome } from '../tls/request-outcome.js';
import type { ProvableTarget } from './installed-server.js';
import type { ProofPki } from './proof-pki.js';
import { DEFAULT_SERVER } from './served-certificate.js';

/** What a server is started with. */
export interface TrialWish {
  readonly target: ProvableTarget;
  /** The binary. */
  readonly program: string;
  /** Where its files go, and where it works. */
  readonly folder: string;
  readonly pki: ProofPki;
  /** All but what is found out here: the port, the files and the folder. */
  readonly config: Omit<ConfigRequest, 'target' | 'serverName' | 'listen' | 'files' | 'standalone'>;
  readonly template?: ReadTemplate;
  /** How long it may take until it answers, in milliseconds; default a minute. */
  readonly startMs?: number;
  /** Chooses a port; default one that is free. */
  readonly choosePort?: () => Promise<number>;
}

/** A real server that runs on what we have written for it, on loopback. */
export class ServerOnTrial {
  readonly #wish: TrialWish;
  #request: ConfigRequest | undefined;
  #running: RunningProgram | undefined;

  constructor(wish: TrialWish) {
    this.#wish = wish;
  }

  /** Where it listens; 0 until it does. */
  get port(): number {
    return this.#request?.listen.port ?? 0;
  }

  get hasEnded(): boolean {
    return this.#running?.ending() !== null;
  }

  /** Starts it and waits until it shows its certificate. A port that somebody else took in between is left to him.
   *  @throws SslapiError ERR_PROGRAM_FAILED, with its own words, where it does not start */
  async start(): Promise<void> {
    const { choosePort = freePort } = this.#wish;
    for (let tries = 1; ; tries += 1) {
      const port = await choosePort();
      this.#launch(port);
      const isReady = await this.#untilReady();
      if (isReady) return;
      const failure = this.#failure('did not start');
      await this.stop();
      if (tries >= PORTS_TRIED || !(await isTaken(port))) throw failure;
    }
  }

  /** Whether it lets a client in within the time: several times in a row, for its old processes go one by one. */
  async letsIn({ chain, privateKey }: MintedCredential, timeoutMs: number): Promise<boolean> {
    const until = performance.now() + timeoutMs;
    for (let inARow = 0; performance.now() < until; await sleep(ASK_EVERY_MS)) {
      const { http } = await this.#ask({ chain, key: privateKey });
      inARow = http !== null && http.status < 400 ? inARow + 1 : 0;
      if (inARow === LET_IN_IN_A_ROW) return true;
    }
    return false;
  }

  /** Makes it read its files again. */
  reload(): void {
    const { reloadSignal } = this.#wish.target.run;
    if (reloadSignal !== null) this.#running?.signal(reloadSignal);
  }

  /** What became of a server that should still be there. */
  endedEarly(): SslapiError {
    return this.#failure('ended in the middle of the proof');
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
  }

  /** Kills it at once. */
  kill(): void {
    this.#running?.kill();
  }

  #launch(port: number): void {
    const { target, program, folder, pki, config, template } = this.#wish;
    this.#request = {
      ...config,
      target: target.name,
      serverName: DEFAULT_SERVER,
      listen: { host: LOOPBACK, port },
      files: pki.files,
      standalone: true,
      runtimeFolder: folder,
    };
    const files = renderFiles(this.#request, template);
    for (const { name, text } of files) writeFileSync(join(folder, name), text, { mode: 0o600 });
    this.#running = startProgram(program, target.run.args(join(folder, files[0].name)), {
      cwd: folder,
      // what it leaves lying is removed with it; Caddy would keep its last configuration at home
      env: { TMPDIR: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
    });
  }

  async #untilReady(): Promise<boolean> {
    const until = performance.now() + (this.#wish.startMs ?? START_MS);
    while (!this.hasEnded && performance.now() < until) {
      if (await Promise.race([this.#showsItself(), this.#running?.ended])) return true;
      await sleep(ASK_EVERY_MS);
    }
    return false;
  }

  /** Whether a handshake comes to a certificate of our CA: in TLS 1.3 that is so before the client is judged. */
  async #showsItself(): Promise<boolean> {
    const { chain, privateKey: key } = this.#wish.pki.client;
    const { handshake, authorized } = await this.#ask({ chain, key });
    return handshake === 'completed' && authorized;
  }

  #ask(certificate: RequestCertificate): Promise<RequestOutcome> {
    return request({
      target: { host: LOOPBACK, port: this.port },
      servername: DEFAULT_SERVER,
      version: 'TLSv1.3',
      ca: this.#wish.pki.anchors,
      certificate,
      request: Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
      timeoutMs: HANDSHAKE_MS,
    });
  }

  #failure(what: string): SslapiError {
    const { program } = this.#wish;
    const words = this.#words();
    const how = this.#how();
    return new SslapiError('ERR_PROGRAM_FAILED', [`${program} ${what}: ${how}`, ...words].join('\n'), {
      hint: 'These are its own words; `--keep` leaves its files to look at.',
    });
  }

  #how(): string {
    const ending = this.#running?.ending() ?? null;
    if (ending === null)
      return `no TLS with our certificate within ${(this.#wish.startMs ?? START_MS) / 1000} s`;
    if (ending.kind === 'exited') return `it ended with ${ending.code}`;
    return ending.kind === 'absent' ? 'there is no such program' : ending.why;
  }

  /** The first lines of what it said, and of its log. */
  #words(): string[] {
    const { target } = this.#wish;
    const logFile = this.#request && target.run.logFile?.(this.#request);
    const log = logFile !== undefined && existsSync(logFile) ? readFileSync(logFile, 'utf8') : '';
    const lines = `${this.#running?.output() ?? ''}\n${log}`.split('\n').filter((line) => line.trim() !== '');
    return lines.slice(0, WORDS).map((line) => line.trim().slice(0, LINE_LENGTH));
  }
}

/** Whether somebody else listens there. */
async function isTaken(port: number): Promise<boolean> {
  const reached = await connect({ host: LOOPBACK, port }, DEFAULT_LIMITS);
  if (reached.kind === 'opened') closeWithReset(reached.socket);
  return reached.kind === 'opened';
}

const LOOPBACK = '127.0.0.1';
const PORTS_TRIED = 3;
/** A program in Go is compiled first. */
const START_MS = 60_000;
const HANDSHAKE_MS = 2_000;
const ASK_EVERY_MS = 25;
const LET_IN_IN_A_ROW = 4;
/** So much of what it said is told. */
const WORDS = 5;
const LINE_LENGTH = 300;
