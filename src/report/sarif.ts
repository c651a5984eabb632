import type { ProbeReport, ProbeReports } from '../probe/probe-report.js';
import { endpointOf, type Finding, findingsOf, titleInWords } from './finding.js';
import { jsonText } from './json-text.js';
import { type Reporter, reportsOf } from './reporter.js';

/** SARIF 2.1.0: a rule for each check and credential, a result for each that failed; what could not be told is a
 *  notification, and the run was not successful then. */
export const sarif: Reporter = (probed) => jsonText(logOf(probed));

function logOf(probed: ProbeReport | ProbeReports): object {
  const reports = reportsOf(probed);
  const cases = reports.flatMap((report) => findingsOf(report).map((finding) => ({ report, finding })));
  const rules = [...new Map(cases.map(({ finding }) => [finding.rule, finding])).values()];
  const ruleIndexes = new Map(rules.map(({ rule }, at) => [rule, at]));
  const faults = cases.filter(({ finding }) => finding.status === 'fail');
  const undecided = cases.filter(({ finding }) => finding.status === 'inconclusive');
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { ...driverOf(reports), rules: rules.map(ruleOf) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: undecided.length === 0 && reports.every(({ error }) => error === undefined),
            ...timesOf(reports),
            toolExecutionNotifications: [
              ...reports.flatMap(unreached),
              ...undecided.map(({ report, finding }) => notificationOf(report, finding, ruleIndexes)),
            ],
          },
        ],
        results: faults.map(({ report, finding }) => resultOf(report, finding, ruleIndexes)),
      },
    ],
  };
}

function driverOf(reports: readonly ProbeReport[]): object {
  const { name, version } = reports[0]?.tool ?? { name: 'sslapi', version: 'unknown' };
  return { name, version };
}

function timesOf(reports: readonly ProbeReport[]): object {
  const [first] = reports;
  if (first === undefined) return {};
  const ends = reports.map(({ startedAt, durationMs }) => Date.parse(startedAt) + durationMs);
  const last = ends.reduce((latest, end) => Math.max(latest, end));
  return { startTimeUtc: first.startedAt, endTimeUtc: new Date(last).toISOString() };
}

function ruleOf({ rule, title, citation, severity }: Finding): object {
  return {
    id: rule,
    shortDescription: { text: wellFormed(title) },
    ...(citation === null ? {} : { help: { text: wellFormed(`See ${citation}.`) } }),
    defaultConfiguration: { level: LEVELS[severity] },
    properties: {
      tags: ['security', 'tls'],
      'security-severity': SCORES[severity],
    },
  };
}

function resultOf(report: ProbeReport, finding: Finding, ruleIndexes: ReadonlyMap<string, number>): object {
  const { rule, key, severity } = finding;
  return {
    ruleId: rule,
    ruleIndex: ruleIndexes.get(rule),
    level: LEVELS[severity],
    kind: 'fail',
    message: { text: messageOf(report, finding) },
    locations: [locationOf(report, finding)],
    partialFingerprints: { 'endpointAndCheck/v1': wellFormed(`${nameOf(report)} ${key}`) },
    properties: { severity },
  };
}

function notificationOf(
  report: ProbeReport,
  finding: Finding,
  ruleIndexes: ReadonlyMap<string, number>,
): object {
  return {
    level: 'warning',
    message: { text: messageOf(report, finding) },
    locations: [locationOf(report, finding)],
    associatedRule: { id: finding.rule, index: ruleIndexes.get(finding.rule) },
  };
}

function unreached(report: ProbeReport): object[] {
  const { error } = report;
  if (error === undefined) return [];
  return [
    {
      level: 'error',
      message: { text: wellFormed(`${error.message}. ${error.hint}`) },
      locations: [locationOf(report, { path: null })],
      descriptor: { id: error.code },
    },
  ];
}

function messageOf(report: ProbeReport, finding: Finding): string {
  const { where, evidence, remediation } = finding;
  const place = where === null ? '' : ` (${where})`;
  const remedy = remediation === null ? '' : `\n${remediation}`;
  return wellFormed(`${endpointOf(report.target)}: ${titleInWords(finding)}${place}. ${evidence}${remedy}`);
}

/** The endpoint by its URI as a logical location, and as a physical one HOST/PORT: GitHub takes no scheme but `file` there. */
function locationOf({ target }: ProbeReport, { path }: Pick<Finding, 'path'>): object {
  const endpoint = `tls://${endpointOf(target)}`;
  return {
    physicalLocation: {
      artifactLocation: { uri: `${encodeURIComponent(wellFormed(target.host))}/${target.port}` },
      region: { startLine: 1 },
    },
    logicalLocations: [
      {
        name: wellFormed(endpointOf(target)),
        fullyQualifiedName: wellFormed(`${endpoint}${path ?? ''}`),
        kind: 'resource',
      },
    ],
  };
}

/** What an endpoint is called by, for fingerprints: its addresses come and go. */
function nameOf({ target }: ProbeReport): string {
  const { servername, host } = target;
  return `${endpointOf(target)}${servername === null || servername === host ? '' : ` ${servername}`}`;
}

/** Readers of JSON need not take lone surrogates. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\u{fffd}');
}

const LEVELS = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' } as const;
/** As GitHub reads them: from 9.0 critical, 7.0 high, 4.0 medium, above 0 low. */
const SCORES = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '0.1' } as const;
