import { setTimeout as pause } from 'node:timers/promises';
import { DEFAULT_LIMITS } from '../tls/connect.js';
import { addressesOf } from '../tls/resolve.js';
import { ConnectionBudget } from './connection-budget.js';
import { PoliteQueue } from './polite-queue.js';
import { type ProbeOptions, probe } from './probe.js';
import type { ProbeReport, ProbeReports } from './probe-report.js';
import type { ProbeTarget } from './probe-target.js';
import { overallVerdict } from './verdict.js';

export interface ProbeEachOptions extends ProbeOptions {
  /** Looks at every address of a name, with a report for each. */
  readonly allAddresses?: boolean;
  /** How names become addresses; the system's resolver by default. */
  readonly resolve?: typeof addressesOf;
  /** Gives a list of reports even where there is only one target. */
  readonly asList?: boolean;
  /** Called whenever an endpoint is done. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** Looks at several endpoints at a time, never with more connections than one alone may have; reports come in the order of
 *  the targets. A single target gives its report alone. */
export async function probeEach(
  targets: readonly ProbeTarget[],
  options: ProbeEachOptions = {},
): Promise<ProbeReport | ProbeReports> {
  const { allAddresses = false, asList = allAddresses, resolve = addressesOf, onProgress, ...rest } = options;
  const [only] = targets;
  if (only !== undefined && targets.length === 1 && !asList) return probe(only, rest);
  if (options.proveMtls && options.ca) await options.ca.signer(options.ca.issuing); // asks for a password once
  const resolver = new Resolver(resolve, options.timeoutMs ?? DEFAULT_LIMITS.timeoutMs);
  const endpoints = allAddresses ? await everyAddress(targets, resolver) : targets;
  const reports = await probeAll(endpoints, resolver, rest, onProgress);
  return { schemaVersion: 1, reports, verdict: overallVerdict(reports.map(({ verdict }) => verdict)) };
}

async function probeAll(
  endpoints: readonly ProbeTarget[],
  resolver: Resolver,
  options: ProbeOptions,
  onProgress: ProbeEachOptions['onProgress'],
): Promise<ProbeReport[]> {
  const concurrency = options.concurrency ?? (options.gentle ? 2 : DEFAULT_CONCURRENCY);
  const budget = new ConnectionBudget(concurrency);
  const queue = new PoliteQueue(Math.ceil(concurrency / CONNECTIONS_AN_ENDPOINT), ENDPOINTS_A_HOST);
  let done = 0;
  const look = async (endpoint: ProbeTarget): Promise<ProbeReport> => {
    const [host = endpoint.host] = await resolver.addresses(endpoint);
    const report = await queue.run(host, () => probe(endpoint, { ...options, budget }));
    done += 1;
    onProgress?.(done, endpoints.length);
    return report;
  };
  try {
    return await Promise.all(endpoints.map(look));
  } finally {
    queue.stop();
  }
}

async function everyAddress(targets: readonly ProbeTarget[], resolver: Resolver): Promise<ProbeTarget[]> {
  const lists = await Promise.all(
    targets.map(async (target): Promise<readonly ProbeTarget[]> => {
      const addresses = target.address === undefined ? await resolver.addresses(target, true) : [];
      return addresses.length === 0 ? [target] : addresses.map((address) => ({ ...target, address }));
    }),
  );
  return lists.flat();
}

/** Asks for each name once, and for no longer than an endpoint may take. */
class Resolver {
  readonly #known = new Map<string, Promise<readonly string[]>>();
  readonly #resolve: typeof addressesOf;
  readonly #timeoutMs: number;

  constructor(resolve: typeof addressesOf, timeoutMs: number) {
    this.#resolve = resolve;
    this.#timeoutMs = timeoutMs;
  }

  /** None where there is none: the probe itself says why. A name that a proxy resolves is not ours to ask for.
   *  @param always asks all the same */
  addresses({ host, address, proxy }: ProbeTarget, always = false): Promise<readonly string[]> {
    if (address !== undefined) return Promise.resolve([address]);
    if (proxy !== undefined && !always) return Promise.resolve([]);
    const known = this.#known.get(host) ?? this.#ask(host);
    this.#known.set(host, known);
    return known;
  }

  async #ask(host: string): Promise<readonly string[]> {
    const late = new AbortController();
    const found = await Promise.race([
      this.#resolve(host),
      pause(this.#timeoutMs, [], { signal: late.signal }).catch(() => []),
    ]);
    late.abort();
    return 'why' in found ? [] : found;
  }
}

const DEFAULT_CONCURRENCY = 32;
/** So many each has at least, on the average: more endpoints at once would make each of them slow. */
const CONNECTIONS_AN_ENDPOINT = 4;
/** Ports of one address that are looked at together. */
const ENDPOINTS_A_HOST = 2;
