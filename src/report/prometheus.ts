import type { ProbeReport, Verdict } from '../probe/probe-report.js';
import { findingsOf, isFault, WORST_FIRST } from './finding.js';
import { labelled } from './prometheus-labels.js';
import { type Reporter, reportsOf } from './reporter.js';

/** Prometheus' text exposition format, as node_exporter reads it from a file: what an alert can be built on. */
export const prometheus: Reporter = (probed) => {
  const reports = reportsOf(probed);
  const series = distinct(reports);
  return METRICS.map(({ name, help, samplesOf }) => {
    const samples = series.flatMap(({ report, target }) =>
      samplesOf(report).map(
        ({ labels = {}, value }) => `${name}${labelled({ ...target, ...labels })} ${value}`,
      ),
    );
    if (samples.length === 0) return '';
    return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...samples, ''].join('\n');
  }).join('');
};

interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

interface Metric {
  readonly name: string;
  readonly help: string;
  readonly samplesOf: (report: ProbeReport) => readonly Sample[];
}

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'inconclusive'];

const METRICS: readonly Metric[] = [
  {
    name: 'sslapi_probe_verdict',
    help: 'Whether the endpoint came to this verdict: 1 for one of them, 0 for the others.',
    samplesOf: ({ verdict }) =>
      VERDICTS.map((one) => ({ labels: { verdict: one }, value: one === verdict ? 1 : 0 })),
  },
  {
    name: 'sslapi_probe_reached',
    help: 'Whether the endpoint was reached and speaks TLS.',
    samplesOf: ({ error }) => [{ value: error === undefined ? 1 : 0 }],
  },
  {
    name: 'sslapi_probe_findings',
    help: 'Checks and rows of the proof that failed or could not be decided, by severity.',
    samplesOf: (report) => findingSamples(report),
  },
  {
    name: 'sslapi_probe_worse',
    help: 'What got worse since the baseline.',
    samplesOf: ({ baseline }) => (baseline ? [{ value: baseline.worse.length }] : []),
  },
  {
    name: 'sslapi_probe_certificate_not_after_seconds',
    help: 'End of the validity of each certificate as sent, in seconds since 1970.',
    samplesOf: ({ certificates }) => certificates.flatMap(notAfterSample),
  },
  {
    name: 'sslapi_probe_protocol_offered',
    help: 'Whether a protocol version is spoken; absent where it could not be told.',
    samplesOf: ({ protocols }) =>
      Object.entries(protocols)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([version, spoken]) =>
          spoken === null ? [] : [{ labels: { version }, value: spoken ? 1 : 0 }],
        ),
  },
  {
    name: 'sslapi_probe_connections',
    help: 'Connections that the probe took.',
    samplesOf: ({ connections }) => [{ value: connections }],
  },
  {
    name: 'sslapi_probe_duration_seconds',
    help: 'How long the probe took.',
    samplesOf: ({ durationMs }) => [{ value: durationMs / 1000 }],
  },
  {
    name: 'sslapi_probe_started_seconds',
    help: 'When the probe started, in seconds since 1970.',
    samplesOf: ({ startedAt }) => secondsOf(startedAt).map((value) => ({ value })),
  },
];

/** All of them, those that are none too: an alert needs the 0. Of what could not be reached nothing is known. */
function findingSamples(report: ProbeReport): Sample[] {
  if (report.error !== undefined) return [];
  const faults = findingsOf(report).filter(isFault);
  return WORST_FIRST.flatMap((severity) =>
    (['fail', 'inconclusive'] as const).map((status) => ({
      labels: { severity, status },
      value: faults.filter((fault) => fault.status === status && fault.severity === severity).length,
    })),
  );
}

function notAfterSample(certificate: ProbeReport['certificates'][number], position: number): Sample[] {
  if ('unreadable' in certificate) return [];
  const { notAfter, subject, serialNumber } = certificate;
  const labels = { position: String(position), subject, serial: serialNumber };
  return secondsOf(notAfter).map((value) => ({ labels, value }));
}

function secondsOf(instant: string): number[] {
  const milliseconds = Date.parse(instant);
  return Number.isNaN(milliseconds) ? [] : [milliseconds / 1000];
}

/** What stands in every series of an endpoint: its address only where several are reported on, for addresses come and go.
 *  A series may come once: of several reports on the same the last one counts. */
function distinct(
  reports: readonly ProbeReport[],
): ReadonlyArray<{ readonly report: ProbeReport; readonly target: Readonly<Record<string, string>> }> {
  const names = reports.map((report) => labelled(labelsOf(report)));
  const series = reports.map((report, at) => {
    const isAlone = names.indexOf(names[at]!) === names.lastIndexOf(names[at]!);
    const address = isAlone ? {} : { address: report.target.address ?? '' };
    return { report, target: { ...labelsOf(report), ...address } };
  });
  return [...new Map(series.map((one) => [labelled(one.target), one])).values()];
}

function labelsOf({ target: { host, port, servername, starttls } }: ProbeReport): Record<string, string> {
  const more = starttls === undefined ? {} : { starttls };
  return { host, port: String(port), servername: servername ?? '', ...more };
}
