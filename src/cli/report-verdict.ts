import { formatProbeTarget } from '../probe/probe-target.js';
import type { ReportVerdict } from '../probe/verify-report.js';
import type { Paint } from '../ui/colour.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { formatName } from '../x509/name.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { isoSeconds } from '../x509/whole-seconds.js';

/** What `verify-report` answers, as JSON. */
export function reportVerdictDocument(verdict: ReportVerdict): object {
  if (!verdict.ok) return verdict;
  const { report, signer, revokedLater } = verdict;
  return {
    ok: true,
    verdict: report.verdict,
    targets: targetsOf(verdict),
    signer: {
      subject: formatName(signer.subject),
      issuer: formatName(signer.issuer),
      serialNumber: serialNumberHex(signer.serialNumber),
      fingerprint256: fingerprint256(signer.der),
    },
    ...(revokedLater && { revocationDate: isoSeconds(revokedLater) }),
  };
}

/** The same as people read it. */
export function reportVerdictText(verdict: ReportVerdict, paint: Paint): string {
  if (!verdict.ok) return `${paint('bad', 'not believed')}: ${verdict.message} (${verdict.reason})\n`;
  const { report, signer } = verdict;
  const targets = targetsOf(verdict).map(
    ({ target, startedAt, verdict: its }) => `  ${target}  ${startedAt}  ${its}\n`,
  );
  return [
    `${paint('good', 'whole')}: as it was signed, verdict ${report.verdict}\n`,
    `signed by: ${formatName(signer.subject)}, serial ${serialNumberHex(signer.serialNumber)}\n`,
    `issued by: ${formatName(signer.issuer)}\n`,
    ...targets,
  ].join('');
}

function targetsOf({ report }: Extract<ReportVerdict, { ok: true }>) {
  const reports = 'reports' in report ? report.reports : [report];
  return reports.map(({ target, startedAt, verdict }) => ({
    target: formatProbeTarget({ host: target.host, port: target.port }),
    startedAt,
    verdict,
  }));
}
