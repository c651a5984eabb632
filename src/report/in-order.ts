import type { ProbeReport, ProbeReports } from '../probe/probe-report.js';

/** The same report with its fields in the order of the contract and versions from old to new, so that the same facts give
 *  the same bytes. Lists keep their order: it tells something. */
export function inOrder<Probed extends ProbeReport | ProbeReports>(probed: Probed): Probed {
  return sorted(probed, 'report') as Probed;
}

/** @param field that the value stands under: it tells what kind of an object it is */
function sorted(value: unknown, field: string): unknown {
  if (Array.isArray(value)) return value.map((one) => sorted(one, field));
  if (typeof value !== 'object' || value === null) return value;
  const order = ORDERS[field] ?? [];
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  entries.sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, sorted(one, name)]));
}

const REPORT =
  `schemaVersion reports tool target server startedAt durationMs connections protocols cipherSuites serverOrder groups
  signatureAlgorithms incomplete alpn certificates clientAuth checks proof summary baseline verdict error signature`.split(
    /\s+/,
  );
const VERSIONS = ['SSLv2', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
const SUITE = ['name', 'opensslName', 'id'];
const CHANGE = ['kind', 'what', 'before', 'after', 'severity'];

/** The fields of each object, by the name of the field that holds it; what is not in a list comes after it, by name.
 *  Suites stand under the name of a version. */
const ORDERS: Readonly<Record<string, readonly string[]>> = {
  report: REPORT,
  reports: REPORT,
  tool: ['name', 'version'],
  target: ['host', 'port', 'servername', 'address', 'starttls'],
  server: ['name', 'version', 'level', 'limits'],
  limits: ['limit', 'credentials', 'rows'],
  protocols: VERSIONS,
  cipherSuites: VERSIONS,
  serverOrder: VERSIONS,
  groups: VERSIONS,
  signatureAlgorithms: VERSIONS,
  ...Object.fromEntries(VERSIONS.map((version) => [version, SUITE])),
  incomplete: ['cipherSuites', 'groups', 'signatureAlgorithms'],
  certificates: `name serialNumber subject issuer subjectAltName notBefore notAfter keyType signatureAlgorithm
    fingerprint256 status unreadable`.split(/\s+/),
  clientAuth: ['requested', 'required', 'enforcedBy', 'acceptableCAs'],
  checks: ['id', 'title', 'status', 'severity', 'evidence', 'citation', 'remediation'],
  proof:
    `credential tlsVersion alpn path keyType expected observed status severity how alert httpStatus evidence
    twin`.split(/\s+/),
  summary: ['pass', 'fail', 'advisory', 'inconclusive', 'notApplicable'],
  baseline: ['compared', 'worse', 'better', 'changed'],
  compared: ['startedAt', 'version'],
  worse: CHANGE,
  better: CHANGE,
  changed: CHANGE,
  error: ['code', 'message', 'hint'],
  signature: ['algorithm', 'certificates', 'value'],
};
