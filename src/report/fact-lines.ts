import type { ProbeReport } from '../probe/probe-report.js';
import { columns, counted, fence, wrap } from './plain-text.js';
import type { ReportStyle } from './reporter.js';
import { readable } from './version-name.js';
import { isWeakSuite } from './weak-suite.js';

type KnownLimit = NonNullable<ProbeReport['server']>['limits'][number];
type Certificate = ProbeReport['certificates'][number];

/** What the endpoint is: versions, suites, groups, certificates, clients. */
export function factLines(report: ProbeReport, { width, verbose, paint }: ReportStyle = {}): string[] {
  const facts = factsOf(report, verbose === true);
  const labels = columns(facts.map(([label]) => [`  ${label}`, '|'])).map((line) => line.slice(0, -1));
  return facts.flatMap(([, value], at) => {
    const [first = '', ...rest] = wrap(value, labels[at]!, width);
    const label = labels[at]!;
    return [(paint?.('faint', label) ?? label) + first.slice(label.length), ...rest];
  });
}

/** The same as pairs of a label and a sentence. */
export function factsOf(report: ProbeReport, byName: boolean): ReadonlyArray<readonly [string, string]> {
  const { protocols, cipherSuites, groups, certificates, clientAuth, startedAt, server } = report;
  const newestFirst = Object.keys(cipherSuites).sort().reverse() as Array<keyof typeof cipherSuites>;
  const distinctGroups = [
    ...new Set(
      [...Object.keys(groups)]
        .sort()
        .reverse()
        .flatMap((version) => groups[version as keyof typeof groups] ?? []),
    ),
  ];
  const [leaf, ...others] = certificates;
  return [
    ...(server === undefined
      ? []
      : [['server', fence(`${server.name} ${server.version}, at the level ${server.level}`)] as const]),
    ...(server?.limits ?? []).map((limit) => ['known limit', limitInWords(limit)] as const),
    ['protocols', protocolFact(protocols)],
    ...newestFirst.map((version) => [readable(version), suiteFact(report, version, byName)] as const),
    ...(distinctGroups.length > 0
      ? [
          [
            'groups',
            `${mayHaveMoreGroups(report) ? 'at least ' : ''}${distinctGroups.map(fence).join(', ')}`,
          ] as const,
        ]
      : []),
    ...alpnFact(report.alpn),
    ['certificate', leaf === undefined ? 'none seen' : certificateFact(leaf, startedAt)],
    ...(others.length > 0 ? [['chain', others.map(chainFact).join('; ')] as const] : []),
    ['clients', clientFact(clientAuth)],
  ];
}

/** What a server cannot do, and what came of it. */
export function limitInWords({ limit, credentials, rows, checks = [] }: KnownLimit): string {
  if (rows === 0)
    return fence(
      `${limit}: ${counted(checks.length, 'check')} (${checks.join(', ')}) failed, as it must be expected`,
    );
  return fence(
    `${limit}: ${counted(rows, 'row')} (${credentials.join(', ')}) accepted, as it must be expected`,
  );
}

function protocolFact(protocols: ProbeReport['protocols']): string {
  const named = (wanted: boolean | null): string[] =>
    Object.keys(protocols)
      .sort()
      .filter((version) => protocols[version as keyof typeof protocols] === wanted)
      .map(readable);
  const untold = named(null);
  const spoken = named(true).join(', ') || 'none';
  return untold.length === 0 ? spoken : `${spoken} (${untold.join(', ')}: could not be told)`;
}

/** Whether TLS 1.3 or the newest version before it has groups that could not be told; older ones have those of the newest. */
function mayHaveMoreGroups({ groups, incomplete }: ProbeReport): boolean {
  const newestFirst = Object.keys(groups).sort().reverse() as Array<keyof typeof groups>;
  const asked = newestFirst.slice(0, newestFirst[0] === 'TLSv1.3' ? 2 : 1);
  return asked.some((version) => incomplete?.groups?.[version] !== undefined);
}

/** How many suites a version has, which of them are weak, and by whose order one is chosen. Few are named. */
function suiteFact(
  { cipherSuites, serverOrder, incomplete }: ProbeReport,
  version: keyof ProbeReport['cipherSuites'],
  byName: boolean,
): string {
  const names = (cipherSuites[version] ?? []).map(({ name }) => fence(name));
  const weak = names.filter(isWeakSuite);
  const order = names.length < 2 ? undefined : serverOrder[version];
  const isNamed = byName || names.length <= FEW;
  const marked = (name: string): string => (isWeakSuite(name) ? `${name} (weak)` : name);
  const facts = [
    `${incomplete?.cipherSuites?.[version] === undefined ? '' : 'at least '}${counted(names.length, 'suite')}`,
    ...(order === undefined ? [] : [order ? 'in the server’s order' : 'in the client’s order']),
    ...(weak.length === 0 || isNamed ? [] : [`${weak.length} weak (${some(weak)})`]),
  ].join(', ');
  return isNamed ? `${facts}: ${names.map(marked).join(', ')}` : facts;
}

/** The first few of a list. */
function some(names: readonly string[]): string {
  const shown = names.slice(0, FEW).join(', ');
  return names.length <= FEW ? shown : `${shown} and ${names.length - FEW} more, -v names them`;
}

function alpnFact(alpn: ProbeReport['alpn']): ReadonlyArray<readonly [string, string]> {
  if (alpn === undefined) return [];
  if (alpn === null) return [['ALPN', 'could not be told']];
  return [['ALPN', alpn.map(fence).join(', ') || 'none']];
}

function certificateFact(leaf: Certificate, at: string): string {
  if ('unreadable' in leaf) return `cannot be read: ${fence(leaf.unreadable)}`;
  const { subject, name, issuer, notAfter, keyType } = leaf;
  const days = Math.floor((Date.parse(notAfter) - Date.parse(at)) / 86_400_000);
  const left = Number.isNaN(days) ? '' : days < 0 ? ' (expired)' : ` (${counted(days, 'day')} left)`;
  return fence(`${subject || name}, ${keyType}, by ${issuer}, until ${notAfter.slice(0, 10)}${left}`);
}

function chainFact(certificate: Certificate): string {
  if ('unreadable' in certificate) return 'one that cannot be read';
  return fence(`${certificate.subject || certificate.name} until ${certificate.notAfter.slice(0, 10)}`);
}

function clientFact({ requested, required, enforcedBy }: ProbeReport['clientAuth']): string {
  if (requested === null) return 'whether a certificate is asked for could not be told';
  if (!requested) return 'no certificate is asked for';
  if (required === null) return 'asked for a certificate; whether it is required could not be told';
  if (!required) return 'asked for a certificate, and served without one';
  const by = { http: 'an HTTP answer', tls: 'TLS' };
  return `must show a certificate, turned away by ${enforcedBy === null ? 'its own protocol' : by[enforcedBy]}`;
}

/** So many suites are named on one line. */
const FEW = 3;
