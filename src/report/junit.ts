import type { ProbeReport } from '../probe/probe-report.js';
import { endpointInWords, endpointOf, type Finding, findingsOf } from './finding.js';
import { fence } from './plain-text.js';
import { type Reporter, reportsOf } from './reporter.js';
import { element, escapeMarkup } from './xml-text.js';

/** JUnit's XML as CI servers read it: a suite for each endpoint, a case for each check and each row of the proof. It keeps to
 *  what the schemas of Ant and of Jenkins have in common. */
export const junit: Reporter = (probed) => {
  const suites = reportsOf(probed).map(suiteOf);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
};

function suiteOf(report: ProbeReport, id: number): string {
  const cases = report.error === undefined ? findingsOf(report) : [unreached(report)];
  const count = (...wanted: Array<Finding['status']>): number =>
    cases.filter(({ status }) => wanted.includes(status)).length;
  const attributes = {
    name: fence(endpointInWords(report)),
    package: 'sslapi.probe',
    id,
    timestamp: report.startedAt.slice(0, 'YYYY-MM-DDThh:mm:ss'.length),
    hostname: fence(report.target.host),
    tests: cases.length,
    failures: count('fail'),
    errors: count('inconclusive'),
    skipped: count('not-applicable'),
    time: (report.durationMs / 1000).toFixed(3),
  };
  const lines = [
    propertiesOf(report),
    ...cases.map((finding) => caseOf(finding, report)),
    element('system-out', {}),
    element('system-err', {}),
  ];
  return `  ${element('testsuite', attributes, `\n${lines.map((line) => `    ${line}\n`).join('')}  `)}\n`;
}

function propertiesOf({ tool, verdict }: ProbeReport): string {
  const properties = [
    ['tool', `${tool.name} ${tool.version}`],
    ['verdict', verdict],
  ] as const;
  return element(
    'properties',
    {},
    properties.map(([name, value]) => element('property', { name, value })).join(''),
  );
}

function caseOf(finding: Finding, { target }: ProbeReport): string {
  const { rule, key, title } = finding;
  const kind = rule.startsWith('proof/') ? 'proof' : 'check';
  const name = kind === 'proof' ? `${title}: ${key.slice('proof/'.length)}` : `${title} (${rule})`;
  const classname = `sslapi.${kind}.${endpointOf(target)}`;
  return element(
    'testcase',
    { name: fence(name), classname: fence(classname), time: '0' },
    outcomeOf(finding),
  );
}

/** A row that is mere advice passes: it never changes a verdict. */
function outcomeOf(finding: Finding): string {
  const { status, severity, evidence } = finding;
  const message = fence(evidence);
  switch (status) {
    case 'fail':
      return element('failure', { message, type: severity }, detailOf(finding));
    case 'inconclusive':
      return element('error', { message, type: 'inconclusive' }, detailOf(finding));
    case 'not-applicable':
      return element('skipped', { message });
    case 'pass':
    case 'advisory':
      return '';
  }
}

function detailOf({ severity, evidence, remediation, citation, where }: Finding): string {
  const lines = [
    `severity: ${severity}`,
    ...(where === null ? [] : [`where: ${where}`]),
    `evidence: ${evidence}`,
    ...(remediation === null ? [] : [`to do: ${remediation}`]),
    ...(citation === null ? [] : [`clause: ${citation}`]),
  ];
  return lines.map((line) => escapeMarkup(fence(line))).join('\n');
}

/** What could not be reached is an error, and never an empty suite that passes. */
function unreached({ error }: ProbeReport): Finding {
  return {
    ...{
      rule: 'reachable',
      key: 'reachable',
      title: 'Can be reached and speaks TLS',
      where: null,
      path: null,
    },
    ...{ status: 'inconclusive', severity: 'high', citation: null },
    evidence: `${error!.message} (${error!.code})`,
    remediation: error!.hint,
  };
}
