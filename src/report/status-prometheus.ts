import type { DueItem, Status, Watched } from '../ca/status.js';
import { labelled } from './prometheus-labels.js';

/** How a PKI stands, in Prometheus' text format, for the textfile collector of node_exporter: when everything ends, and
 *  how much is due. Of each kind there is a number also where nothing is due, for alerts need the 0. */
export function statusPrometheus({ at, due, watched }: Status): string {
  const ofKind = (kind: Watched['kind']) => watched.filter((one) => one.kind === kind);
  return [
    ...metric(
      'sslapi_ca_not_after_seconds',
      'End of a CA, in seconds since 1970.',
      ofKind('ca').map((one) => ({ labels: { ca: one.profile }, value: seconds(one.until) })),
    ),
    ...metric(
      'sslapi_certificate_not_after_seconds',
      'End of the newest certificate of each NAME, in seconds since 1970.',
      ofKind('certificate').map(({ name, profile, until }) => ({
        labels: { name, profile },
        value: seconds(until),
      })),
    ),
    ...metric(
      'sslapi_crl_this_update_seconds',
      'When the CRL of a CA was made, in seconds since 1970.',
      ofKind('crl').map((one) => ({ labels: { ca: one.name }, value: seconds(one.from) })),
    ),
    ...metric(
      'sslapi_crl_next_update_seconds',
      'End of the CRL of a CA, after which servers refuse everybody, in seconds since 1970.',
      ofKind('crl').map((one) => ({ labels: { ca: one.name }, value: seconds(one.until) })),
    ),
    ...metric(
      'sslapi_due',
      'How much is due, by kind.',
      KINDS.map((kind) => ({ labels: { kind }, value: due.filter((one) => one.kind === kind).length })),
    ),
    ...metric('sslapi_status_seconds', 'When the PKI was looked at, in seconds since 1970.', [
      { labels: {}, value: seconds(at) },
    ]),
    '',
  ].join('\n');
}

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

function metric(name: string, help: string, samples: readonly Sample[]): string[] {
  if (samples.length === 0) return [];
  const lines = samples.map(
    ({ labels, value }) => `${name}${Object.keys(labels).length > 0 ? labelled(labels) : ''} ${value}`,
  );
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines];
}

function seconds(moment: Date): number {
  return Math.floor(moment.getTime() / 1000);
}

const KINDS: ReadonlyArray<DueItem['kind']> = ['ca', 'certificate', 'crl', 'file'];
