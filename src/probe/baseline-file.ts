import { SslapiError } from '../errors.js';
import type { PeerCertificate } from './peer-certificate.js';
import type { ProbeReport } from './probe-report.js';
import type { ProofRow } from './proof-row.js';
import { SEVERITIES } from './severity.js';

/** What a comparison reads of an older report. */
export interface BaselineReport
  extends Pick<ProbeReport, 'tool' | 'target' | 'startedAt' | 'cipherSuites' | 'groups' | 'clientAuth'> {
  readonly protocols: Readonly<Partial<ProbeReport['protocols']>>;
  readonly certificates: readonly PeerCertificate[];
  readonly checks: ReadonlyArray<Pick<ProbeReport['checks'][number], 'id' | 'status' | 'severity'>>;
  readonly proof: ReadonlyArray<
    Pick<ProofRow, 'credential' | 'tlsVersion' | 'alpn' | 'path' | 'status' | 'severity'>
  > | null;
}

/** Reads a report that `--format json` wrote, on one endpoint or on several.
 *  @param name of the file, for messages
 *  @throws SslapiError ERR_BASELINE_INVALID */
export function readBaseline(text: string, name: string): readonly BaselineReport[] {
  const document = parsed(text, name);
  if (!isObject(document)) throw invalid(name, 'it is no JSON object');
  const { schemaVersion, reports } = document;
  if (schemaVersion !== 1) throw invalid(name, `its schemaVersion is ${shortened(schemaVersion)}, not 1`);
  const several = reports === undefined ? [document] : reports;
  if (!Array.isArray(several)) throw invalid(name, '"reports" is no list');
  return several.map((report: unknown, at) => {
    const wrong = faultOf(report);
    if (wrong === null) return report as BaselineReport;
    throw invalid(name, `${several.length > 1 ? `report ${at + 1}: ` : ''}${wrong}`);
  });
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new SslapiError('ERR_BASELINE_INVALID', `${name} is no report of a probe: it is no JSON`, {
      cause,
    });
  }
}

/** The first field that is not what a report has there; null where all that is compared can be. */
function faultOf(report: unknown): string | null {
  if (!isObject(report)) return 'it is no JSON object';
  const missing = Object.entries(FIELDS).find(([field, isRight]) => !isRight(report[field]));
  return missing === undefined ? null : `"${missing[0]}" is not what a report has there`;
}

type Test = (value: unknown) => boolean;

const FIELDS: Readonly<Record<string, Test>> = {
  tool: (tool) => isObject(tool) && tool['name'] === 'sslapi' && isText(tool['version']),
  target: (target) =>
    isObject(target) &&
    isText(target['host']) &&
    Number.isInteger(target['port']) &&
    isTextOrNull(target['servername']) &&
    isTextOrNull(target['address']),
  startedAt: (at) => isText(at) && !Number.isNaN(Date.parse(at)),
  protocols: (protocols) => isMapOf(protocols, isBooleanOrNull),
  cipherSuites: (suites) =>
    isMapOf(suites, (list) =>
      isListOf(list, (suite) => isObject(suite) && isText(suite['name']) && isText(suite['id'])),
    ),
  groups: (groups) => isMapOf(groups, (list) => isListOf(list, isText)),
  certificates: (certificates) =>
    isListOf(
      certificates,
      (one) =>
        isObject(one) &&
        isText(one['fingerprint256']) &&
        (isText(one['unreadable']) || (isText(one['serialNumber']) && isText(one['notAfter']))),
    ),
  clientAuth: (auth) =>
    isObject(auth) &&
    isBooleanOrNull(auth['requested']) &&
    isBooleanOrNull(auth['required']) &&
    isListOf(auth['acceptableCAs'], isText),
  checks: (checks) => isListOf(checks, (check) => isObject(check) && isText(check['id']) && isJudged(check)),
  proof: (proof) =>
    proof === null ||
    isListOf(
      proof,
      (row) =>
        isObject(row) &&
        isText(row['credential']) &&
        isText(row['tlsVersion']) &&
        isTextOrNull(row['alpn']) &&
        isText(row['path']) &&
        isJudged(row),
    ),
};

const STATUSES = ['pass', 'fail', 'advisory', 'inconclusive', 'not-applicable'];

function isJudged({ status, severity }: Record<string, unknown>): boolean {
  return STATUSES.some((one) => one === status) && SEVERITIES.some((one) => one === severity);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value);
}

function isBooleanOrNull(value: unknown): boolean {
  return value === null || typeof value === 'boolean';
}

function isListOf(value: unknown, isRight: Test): boolean {
  return Array.isArray(value) && value.every(isRight);
}

function isMapOf(value: unknown, isRight: Test): boolean {
  return isObject(value) && Object.values(value).every(isRight);
}

function shortened(value: unknown): string {
  return String(JSON.stringify(value)).slice(0, 40);
}

function invalid(name: string, why: string): SslapiError {
  return new SslapiError('ERR_BASELINE_INVALID', `${name} is no report of a probe: ${why}`);
}
