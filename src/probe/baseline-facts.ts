import { cipherSuite } from '../tls/cipher-suite.js';
import { TLS_VERSIONS, type TlsVersion } from '../tls/version.js';
import type { JudgedChange } from './baseline.js';
import type { BaselineReport } from './baseline-file.js';
import type { ProbeReport, ReportedCipherSuite } from './probe-report.js';
import type { Severity } from './severity.js';

/** What the endpoint offers and shows now and did not before, or the other way round. What could not be told, then or now,
 *  is no change. */
export function factChanges(report: ProbeReport, old: BaselineReport): JudgedChange[] {
  return [
    ...TLS_VERSIONS.flatMap((version) => protocolChange(report, old, version)),
    ...TLS_VERSIONS.flatMap((version) => suiteChanges(report, old, version)),
    ...TLS_VERSIONS.flatMap((version) => groupChanges(report, old, version)),
    ...certificateChange(report, old),
    ...clientAuthChanges(report, old),
  ];
}

/** RFC 8996 for TLS 1.0 and 1.1, RFC 7568 for SSL 3.0, RFC 6176 for SSL 2.0. */
const OLD_VERSIONS: Readonly<Partial<Record<TlsVersion, Severity>>> = {
  SSLv2: 'critical',
  SSLv3: 'high',
  TLSv1: 'medium',
  'TLSv1.1': 'medium',
};

function protocolChange(report: ProbeReport, old: BaselineReport, version: TlsVersion): JudgedChange[] {
  const [before, after] = [old.protocols[version] ?? null, report.protocols[version]];
  if (before === null || after === null || before === after) return [];
  const severity = OLD_VERSIONS[version] ?? null;
  const isGood = (severity === null) === after;
  return [
    {
      ...{ kind: 'protocol', what: version, before: offeredOrNot(before), after: offeredOrNot(after) },
      severity: severity ?? (after ? null : 'medium'),
      turn: isGood ? 'better' : 'worse',
    },
  ];
}

function offeredOrNot(isOffered: boolean): string {
  return isOffered ? 'offered' : 'not offered';
}

function suiteChanges(report: ProbeReport, old: BaselineReport, version: TlsVersion): JudgedChange[] {
  const { added, removed } = difference(
    (old.cipherSuites[version] ?? []).map(({ id }) => id),
    (report.cipherSuites[version] ?? []).map(({ id }) => id),
  );
  const suites = [...(old.cipherSuites[version] ?? []), ...(report.cipherSuites[version] ?? [])];
  const change = (id: string, before: string | null, after: string | null): JudgedChange => {
    const suite = suites.find((one) => one.id === id)!;
    const severity = weaknessOf(suite);
    const turn = severity === null ? 'changed' : after === null ? 'better' : 'worse';
    return { kind: 'cipher-suite', what: `${suite.name} (${version})`, before, after, severity, turn };
  };
  return [
    ...added.map((id) => change(id, null, 'offered')),
    ...removed.map((id) => change(id, 'offered', null)),
  ];
}

/** By what an attacker gains who brings a suite about; null for one that is not weak. RFC 9325 §4.1 */
export function weaknessOf({ id }: Pick<ReportedCipherSuite, 'id'>): Severity | null {
  const number = Number(id);
  if (number > 0xffff) return 'critical'; // a cipher kind of SSL 2.0
  const suite = cipherSuite(number);
  if (suite === null) return null;
  if (suite.anonymous || suite.export || suite.strengthBits === 0) return 'critical';
  if (suite.strengthBits < 112 || /^RC[24]/.test(suite.encryption) || suite.mac === 'MD5') return 'high';
  return /DES|IDEA|28147|MAGMA/.test(suite.encryption) ? 'medium' : null;
}

function groupChanges(report: ProbeReport, old: BaselineReport, version: TlsVersion): JudgedChange[] {
  const { added, removed } = difference(old.groups[version] ?? [], report.groups[version] ?? []);
  const change = (name: string, before: string | null, after: string | null): JudgedChange => ({
    ...{ kind: 'group', what: `${name} (${version})`, before, after, severity: null, turn: 'changed' },
  });
  return [
    ...added.map((name) => change(name, null, 'offered')),
    ...removed.map((name) => change(name, 'offered', null)),
  ];
}

function certificateChange(report: ProbeReport, old: BaselineReport): JudgedChange[] {
  const [[before], [after]] = [old.certificates, report.certificates];
  if (before === undefined || after === undefined || before.fingerprint256 === after.fingerprint256)
    return [];
  const what = 'certificate';
  return [
    {
      ...{ kind: 'certificate', what, before: shown(before), after: shown(after), severity: null },
      turn: 'changed',
    },
  ];
}

function shown(certificate: BaselineReport['certificates'][number]): string {
  const { fingerprint256 } = certificate;
  if (!('serialNumber' in certificate)) return `SHA-256 ${fingerprint256}`;
  return `serial ${certificate.serialNumber} until ${certificate.notAfter}`;
}

function clientAuthChanges({ clientAuth }: ProbeReport, old: BaselineReport): JudgedChange[] {
  const change = (what: 'requested' | 'required', words: readonly [string, string]): JudgedChange[] => {
    const [before, after] = [old.clientAuth[what], clientAuth[what]];
    if (before === null || after === null || before === after) return [];
    const [no, yes] = words;
    const told = { before: before ? yes : no, after: after ? yes : no };
    return [
      {
        kind: 'client-auth',
        what: 'client certificates',
        ...told,
        severity: 'high',
        turn: after ? 'better' : 'worse',
      },
    ];
  };
  const { added, removed } = difference(old.clientAuth.acceptableCAs, clientAuth.acceptableCAs);
  const named = (name: string, before: string | null, after: string | null): JudgedChange => ({
    ...{ kind: 'client-auth', what: `acceptable CA ${name}`, before, after, severity: null, turn: 'changed' },
  });
  return [
    ...change('requested', ['not asked for', 'asked for']),
    ...change('required', ['not required', 'required']),
    ...added.map((name) => named(name, null, 'named')),
    ...removed.map((name) => named(name, 'named', null)),
  ];
}

function difference(
  before: readonly string[],
  after: readonly string[],
): { added: string[]; removed: string[] } {
  return {
    added: after.filter((one) => !before.includes(one)),
    removed: before.filter((one) => !after.includes(one)),
  };
}
