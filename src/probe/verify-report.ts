import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { SslapiError } from '../errors.js';
import { verifySignature } from '../keys/verify-signature.js';
import { verifyCertificate } from '../path/verify-certificate.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { basicConstraintsOf } from '../x509/extensions/basic-constraints.js';
import { extKeyUsageOf } from '../x509/extensions/ext-key-usage.js';
import { keyUsageOf } from '../x509/extensions/key-usage.js';
import { commonNameOf } from '../x509/name.js';
import { OID, type OidName, oidName } from '../x509/oid.js';
import { decodePem, encodePem } from '../x509/pem.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { isoSeconds } from '../x509/whole-seconds.js';
import { parseStrictJson } from './canonical-json.js';
import { REPORT_SIGNER_NAME } from './mint-report-signer.js';
import type { ProbeReport, ProbeReports } from './probe-report.js';
import { momentsOf, type ReportSignature, signedOctets } from './sign-report.js';

/** What to believe of a signed report. */
export interface ReportTrust {
  /** Roots in DER. */
  readonly trusted: readonly Uint8Array[];
  /** What the local CA knows of a serial number of its own. */
  readonly revocationOf?: CertificateAuthority['revocationOf'];
}

/** Whether a report is as it was signed, and who signed it. */
export type ReportVerdict =
  | {
      readonly ok: true;
      readonly report: ProbeReport | ProbeReports;
      readonly signer: Certificate;
      /** When its signer was revoked since; null where it was not. */
      readonly revokedLater: Date | null;
    }
  | { readonly ok: false; readonly reason: ReportRefusal; readonly message: string };

/** `not-signed`: there is no signature, or none of the form that it has. `changed`: it is not over what the report says.
 *  `not-ours`: no path leads from its signer to a root that is trusted. `not-a-signer`: the certificate is one of ours, for
 *  something else. `signer-revoked`: it was revoked before the report was made. */
export type ReportRefusal = 'not-signed' | 'changed' | 'not-ours' | 'not-a-signer' | 'signer-revoked';

/** Checks the signature of a report, and its signer as of the moment that the report says it was made.
 *  @throws SslapiError ERR_REPORT_INVALID where it is no report */
export async function verifyReport(octets: Uint8Array, trust: ReportTrust): Promise<ReportVerdict> {
  const report = readReport(octets);
  const signature = readSignature(report.signature);
  if (signature === null) return refused('not-signed', 'there is no whole signature in it');
  const { certificates, value } = signature;
  const signer = certificates[0]!;
  const { subjectPublicKeyInfo } = signer;
  const algorithm = { der: new Uint8Array(), algorithm: signature.algorithm, parameters: null };
  const data = signedOctets(report);
  const verdict = verifySignature({ subjectPublicKeyInfo, algorithm, data, signature: value });
  if (verdict !== 'valid') return refused('changed', 'the signature is not over what the report says');
  return judgeSigner(report, certificates, trust);
}

async function judgeSigner(
  report: ProbeReport | ProbeReports,
  certificates: readonly Certificate[],
  { trusted, revocationOf }: ReportTrust,
): Promise<ReportVerdict> {
  const [signer, ...chain] = certificates as readonly [Certificate, ...Certificate[]];
  const moments = momentsOf(report);
  for (const at of moments) {
    const untrusted = chain.map(({ der }) => der);
    const path = verifyCertificate({ leaf: signer.der, trusted, untrusted, at, purpose: 'any' });
    if (!path.ok) return refused('not-ours', `its signer is not believed: ${path.message} (${path.reason})`);
  }
  const unfit = unfitness(signer);
  if (unfit !== null) return refused('not-a-signer', `the certificate that signed it ${unfit}`);
  const revocation = await revocationOf?.(serialNumberHex(signer.serialNumber));
  if (revocation === undefined || revocation === null || revocation === 'unknown')
    return { ok: true, report, signer, revokedLater: null };
  const { revocationDate } = revocation;
  if (moments.some((at) => at >= revocationDate))
    return refused('signer-revoked', `its signer was revoked on ${isoSeconds(revocationDate)}`);
  return { ok: true, report, signer, revokedLater: revocationDate };
}

/** Any client of the CA could sign something: only what was made for reports may. */
function unfitness(signer: Certificate): string | null {
  if (extKeyUsageOf(signer) !== undefined) return 'is for TLS or another purpose, not for reports';
  if (basicConstraintsOf(signer)?.ca === true) return "is a CA's";
  if (keyUsageOf(signer)?.has('nonRepudiation') !== true) return 'may not sign documents';
  return commonNameOf(signer.subject) === REPORT_SIGNER_NAME ? null : 'was not made for reports';
}

interface ReadSignature {
  /** Object identifier. */
  readonly algorithm: string;
  readonly certificates: readonly Certificate[];
  readonly value: Uint8Array;
}

/** Takes nothing but the very form in which it was written, so that no octet of it may be another. */
function readSignature(signature: ReportSignature | undefined): ReadSignature | null {
  if (typeof signature !== 'object' || signature === null) return null;
  const { algorithm, certificates, value, ...more } = signature;
  if (typeof value !== 'string' || !Array.isArray(certificates) || Object.keys(more).length > 0) return null;
  const octets = Buffer.from(value, 'base64');
  const read = certificates.map(readPem);
  const isOid = Object.hasOwn(OID, algorithm) && oidName(OID[algorithm as OidName]) === algorithm;
  if (!isOid || octets.toString('base64') !== value || read.length === 0) return null;
  const chain = read.flatMap((one) => one ?? []);
  if (chain.length < read.length) return null;
  return { algorithm: OID[algorithm as OidName], certificates: chain, value: octets };
}

function readPem(pem: unknown): Certificate | null {
  try {
    const [block] = decodePem(String(pem));
    return block && encodePem('CERTIFICATE', block.der) === pem ? parseCertificate(block.der) : null;
  } catch (error) {
    if (error instanceof SslapiError) return null;
    throw error;
  }
}

function readReport(octets: Uint8Array): ProbeReport | ProbeReports {
  const value = parseStrictJson(octets) as Partial<ProbeReport & ProbeReports> | null;
  const reports = value?.reports ?? [value];
  const isReport = (one: unknown): boolean => {
    const startedAt = (one as Partial<ProbeReport> | null)?.startedAt;
    return typeof startedAt === 'string' && !Number.isNaN(Date.parse(startedAt));
  };
  if (value?.schemaVersion === 1 && Array.isArray(reports) && reports.length > 0 && reports.every(isReport))
    return value as ProbeReport | ProbeReports;
  throw new SslapiError('ERR_REPORT_INVALID', 'it is no report of a probe');
}

function refused(reason: ReportRefusal, message: string): ReportVerdict {
  return { ok: false, reason, message };
}
