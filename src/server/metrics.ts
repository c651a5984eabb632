import { Counter, Gauge, type Metric, Registry } from 'prom-client';
import { trustAnchor } from './client-authority.js';
import { RequestDurations } from './request-durations.js';
import { leafOf } from './server-certificate.js';
import type { ServerContext } from './server-context.js';
import type { Tally } from './tally.js';

/** What a server tells Prometheus: how much of everything there was, and until when it can go on. Nothing says who. */
export interface Metrics {
  readonly contentType: string;
  readonly described: readonly DescribedMetric[];
  /** Text exposition format, 0.0.4. */
  text(): Promise<string>;
  /** @param seconds from the whole of a request's header to its answer */
  observe(seconds: number): void;
}

export interface DescribedMetric {
  readonly name: string;
  readonly type: string;
  readonly labelNames: readonly string[];
  readonly help: string;
}

/** All is counted elsewhere, as it happens, and read when somebody asks: but for the times of requests, which are put into
 *  buckets at once. */
export function serverMetrics(context: ServerContext): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const { counts } = context;
  const tallied = tallyCounter(registry);
  const gauge = valueGauge(registry);

  tallied('sslapi_handshakes_total', 'TLS handshakes that came to their end.', counts.handshakes, [
    'version',
    'resumed',
  ]);
  tallied('sslapi_refused_total', 'What was refused or dropped, by reason.', counts.refused, [
    'code',
    'during',
  ]);
  tallied('sslapi_http_requests_total', 'Requests that were answered.', counts.answered, [
    'method',
    'route',
    'status',
  ]);
  tallied('sslapi_reloads_total', 'What was read anew, and whether it was good.', counts.reloads, [
    'what',
    'outcome',
  ]);
  new Counter({
    name: 'sslapi_idle_connections_closed_total',
    help: 'Connections that were ended because nothing came on them any more.',
    registers,
    collect() {
      this.reset();
      this.inc(counts.idle);
    },
  });
  const durations = new RequestDurations(DURATION_BUCKETS);
  histogram(
    registry,
    'sslapi_http_request_duration_seconds',
    'How long a request took to be answered.',
    durations,
  );
  gauge('sslapi_open_connections', 'Connections that are open, handshakes under way included.', [], () => [
    [[], counts.openConnections],
  ]);
  gauge(
    'sslapi_server_certificate_not_after_seconds',
    "End of the server's own certificate, in seconds since 1970.",
    [],
    () => [[[], unixSeconds(leafOf(context.serverCertificate()).validity.notAfter)]],
  );
  gauge('sslapi_ca_not_after_seconds', 'End of a CA, in seconds since 1970.', ['ca'], () =>
    authorities(context),
  );
  gauge(
    'sslapi_crl_next_update_seconds',
    'End of the last CRL of a CA, in seconds since 1970.',
    ['ca'],
    async () =>
      (await context.ca().crlEnds()).map(({ role, nextUpdate }) => [[role], unixSeconds(nextUpdate)]),
  );
  const { node, openssl } = process.versions;
  gauge('sslapi_build_info', 'What runs here; always 1.', ['version', 'node', 'openssl'], () => [
    [[context.version, node, openssl], 1],
  ]);
  processMetrics(registry);

  return {
    contentType: registry.contentType,
    described: registry.getMetricsAsArray() as unknown as DescribedMetric[], // its types leave out what it has
    text: () => registry.metrics(),
    observe: (seconds) => durations.add(seconds),
  };
}

/** Under the names that dashboards know from every program. */
function processMetrics(registry: Registry): void {
  const gauge = valueGauge(registry);
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'User and system CPU time, in seconds.',
    registers: [registry],
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  gauge('process_resident_memory_bytes', 'Resident memory.', [], () => [[[], process.memoryUsage.rss()]]);
  gauge('process_start_time_seconds', 'When the process started, in seconds since 1970.', [], () => [
    [[], Math.round(Date.now() / 1000 - process.uptime())],
  ]);
}

function authorities({ ca }: ServerContext): Sample[] {
  const { root, issuing } = ca();
  const known: Array<readonly [string, Date]> = [['issuing', issuing.parsed.validity.notAfter]];
  if (root !== null) known.unshift(['root', trustAnchor({ root, issuing }).validity.notAfter]);
  return known.map(([role, notAfter]) => [[role], unixSeconds(notAfter)]);
}

type Sample = readonly [values: readonly string[], value: number];

function tallyCounter(registry: Registry) {
  return <Values extends readonly string[]>(
    name: string,
    help: string,
    tally: Tally<Values>,
    labelNames: readonly string[] & { readonly length: Values['length'] },
  ) =>
    new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        for (const { values, count } of tally.all()) this.inc(labelled(labelNames, values), count);
      },
    });
}

/** What cannot be told is left out, and the rest is told all the same. */
function valueGauge(registry: Registry) {
  return (
    name: string,
    help: string,
    labelNames: readonly string[],
    samples: () => readonly Sample[] | Promise<readonly Sample[]>,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        this.reset();
        if (labelNames.length === 0) this.remove(); // which reset has put at 0
        try {
          for (const [values, value] of await samples()) this.set(labelled(labelNames, values), value);
        } catch {
          // no sample says so
        }
      },
    });
}

/** A histogram whose buckets are kept elsewhere; one of prom-client's own costs each request as much as all the rest of counting. */
function histogram(registry: Registry, name: string, help: string, durations: RequestDurations): void {
  const get = () => {
    const counted = durations.cumulative();
    const sample = (suffix: string, value: number, labels: object = {}) => ({
      metricName: `${name}_${suffix}`,
      value,
      labels,
    });
    const values = [
      ...counted.map(({ le, count }) => sample('bucket', count, { le })),
      sample('sum', durations.sum),
      sample('count', counted.at(-1)!.count),
    ];
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  };
  registry.registerMetric({ name, help, type: 'histogram', labelNames: [], get } as unknown as Metric);
}

function labelled(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, at) => [name, values[at] ?? '']));
}

function unixSeconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}

const DURATION_BUCKETS = [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10];
