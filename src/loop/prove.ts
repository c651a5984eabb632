import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadTemplate } from '../config/render.js';
import { type ConfigLevel, policyOf } from '../policy/policies.js';
import type { HttpVersion } from '../probe/plan-proof.js';
import { probe } from '../probe/probe.js';
import type { ProbeReport } from '../probe/probe-report.js';
import { localTrust } from '../probe/trust.js';
import { type EchoUpstream, startEchoUpstream } from '../server/echo-upstream.js';
import { checkUpstream } from './check-upstream.js';
import {
  absentServer,
  type InstalledServer,
  installedServer,
  type ProvableTarget,
  provableTarget,
} from './installed-server.js';
import { settleKnownLimits } from './known-limits.js';
import { beforeProcessEnds } from './process-end.js';
import { makeProofPki, type ProofPki } from './proof-pki.js';
import { DEFAULT_SERVER } from './served-certificate.js';
import { ServerOnTrial } from './server-on-trial.js';

export interface ProveOptions {
  /** Of Mozilla's guideline, for the configuration and for what it is held against; intermediate by default. */
  readonly level?: ConfigLevel;
  /** The only version of HTTP that is spoken; by default what the server has. */
  readonly http?: HttpVersion;
  /** Leaves the temporary folder where it is, and tells so as a step. */
  readonly keep?: boolean;
  /** Called with what has been done, as it is done. */
  readonly onStep?: (step: ProveStep) => void;
  /** What the report says it was made by. */
  readonly version?: string;
  /** Reads a template; by default those of this package. */
  readonly template?: ReadTemplate;
  /** How long the server may take to start, in milliseconds. */
  readonly startMs?: number;
  /** Chooses a port of loopback; by default one that is free. */
  readonly choosePort?: () => Promise<number>;
}

export interface ProveStep {
  /** The name of what is proven. */
  readonly target: string;
  readonly text: string;
  /** How long it took, in milliseconds; null where nothing was done. */
  readonly tookMs: number | null;
}

/** Proves a configuration of ours in the real server: makes a PKI in a temporary folder, starts the server on it, on loopback,
 *  shows it good and bad client certificates, revokes one, and takes all of it away again, also where the process is ended in
 *  between. What the server is known to be unable to do is told, and is no fault.
 *  @throws SslapiError ERR_CONFIG_TARGET_UNKNOWN, ERR_SERVER_ABSENT where this machine has no such server, ERR_PROGRAM_FAILED
 *    where it does not start or ends too early */
export async function prove(name: string, options: ProveOptions = {}): Promise<ProbeReport> {
  const target = provableTarget(name);
  const installed = await installedServer(target);
  if (installed === null) throw absentServer(target);
  const bench = new Bench(target, installed, options);
  const takeBack = beforeProcessEnds(() => bench.abandon());
  try {
    return await bench.prove();
  } finally {
    await bench.clear();
    takeBack();
  }
}

/** What is built up for a proof, and taken down after it. */
class Bench {
  readonly #target: ProvableTarget;
  readonly #installed: InstalledServer;
  readonly #options: ProveOptions;
  readonly #folder: string;
  #pki: ProofPki | undefined;
  #upstream: EchoUpstream | undefined;
  #server: ServerOnTrial | undefined;

  constructor(target: ProvableTarget, installed: InstalledServer, options: ProveOptions) {
    this.#target = target;
    this.#installed = installed;
    this.#options = options;
    this.#folder = mkdtempSync(join(tmpdir(), `sslapi-prove-${target.name}-`));
  }

  async prove(): Promise<ProbeReport> {
    const { version } = this.#installed;
    const pki = await this.#step('a CA to throw away, a server, clients', () => this.#makePki());
    const server = await this.#step(`${this.#target.name} ${version} runs`, () => this.#start(pki));
    const seen = await this.#step('good and bad clients shown, one of them revoked', () =>
      this.#probe(pki, server),
    );
    const { report, limits } = settleKnownLimits(seen, this.#target);
    const { level = DEFAULT_LEVEL } = this.#options;
    return { ...report, server: { name: this.#target.name, version, level, limits } };
  }

  /** Stops everything, and takes the folder away. */
  async clear(): Promise<void> {
    const { keep, onStep } = this.#options;
    await this.#server?.stop();
    await this.#upstream?.close();
    await this.#pki?.ca.close();
    if (keep) onStep?.({ target: this.#target.name, text: `kept ${this.#folder}`, tookMs: null });
    else this.#remove();
  }

  /** The same with no time left. */
  abandon(): void {
    this.#server?.kill();
    if (!this.#options.keep) this.#remove();
  }

  async #makePki(): Promise<ProofPki> {
    this.#pki = await makeProofPki(this.#folder);
    return this.#pki;
  }

  async #start(pki: ProofPki): Promise<ServerOnTrial> {
    const { level = DEFAULT_LEVEL, template, startMs, choosePort } = this.#options;
    if (this.#target.passesOn) this.#upstream = await startEchoUpstream(this.#saidBehind(level));
    const server = new ServerOnTrial({
      target: this.#target,
      program: this.#installed.program,
      folder: this.#folder,
      pki,
      config: { level, clientAuth: 'require', upstream: this.#upstream?.url },
      ...(template && { template }),
      ...(startMs !== undefined && { startMs }),
      ...(choosePort && { choosePort }),
    });
    this.#server = server;
    await server.start();
    return server;
  }

  /** What passes octets on says nothing by itself: there the upstream tells browsers to stay with TLS. */
  #saidBehind(level: ConfigLevel): Readonly<Record<string, string>> {
    if (this.#target.passesIdentity) return {};
    return { 'strict-transport-security': `max-age=${policyOf(level).hstsMaxAgeSeconds ?? 0}` };
  }

  async #probe(pki: ProofPki, server: ServerOnTrial): Promise<ProbeReport> {
    const { level = DEFAULT_LEVEL, http, version } = this.#options;
    const { port } = server;
    const own = this.#target.passesIdentity ? await checkUpstream(pki, port) : [];
    const report = await probe(
      { host: DEFAULT_SERVER, port, address: '127.0.0.1' },
      {
        ca: pki.ca,
        client: pki.client,
        trust: [localTrust(pki.ca)],
        policy: policyOf(level),
        proveMtls: true,
        revokeLive: true,
        deployCrl: async () => {
          pki.crls.deploy();
          server.reload();
          return null;
        },
        ...(this.#target.checksRevocation && {
          deployMadeCrls: async ({ crls, faultless }) => {
            pki.crls.deployWith(crls);
            server.reload();
            if (await server.letsIn(faultless, MADE_CRLS_MS)) return;
            pki.crls.deployWith([]);
            server.reload();
          },
        }),
        // who cannot see a revocation need not be waited for
        ...(!this.#target.checksRevocation && { deploymentMs: 1_000 }),
        timeoutMs: 20_000,
        ...(http && { http }),
        ...(version !== undefined && { version }),
      },
    );
    if (server.hasEnded) throw server.endedEarly();
    const checks = [...report.checks, ...own];
    return { ...report, checks };
  }

  async #step<T>(text: string, work: () => Promise<T>): Promise<T> {
    const begun = performance.now();
    const made = await work();
    const tookMs = Math.round(performance.now() - begun);
    this.#options.onStep?.({ target: this.#target.name, text, tookMs });
    return made;
  }

  #remove(): void {
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

/** How long a server may take until it has the CRLs of CAs that were made for the proof. Some take no file with the CRL of a
 *  CA that they have not been told of: those lose them again. */
const MADE_CRLS_MS = 4_000;
/** As `config` has it. */
const DEFAULT_LEVEL: ConfigLevel = 'intermediate';
