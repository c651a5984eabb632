import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { BACKDATE_MS } from '../ca/validity-period.js';
import type { MintedCredential } from '../credentials/credential.js';
import { SslapiError } from '../errors.js';
import { signerOfPkcs8 } from '../keys/signer.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import { parseCertificate, type Validity } from '../x509/certificate.js';
import { DerReader } from '../x509/der.js';
import { oidName } from '../x509/oid.js';
import { decodePem, encodePem } from '../x509/pem.js';
import { serialNumberHex } from '../x509/serial-number.js';
import { wholeSeconds } from '../x509/whole-seconds.js';
import { canonicalJson } from './canonical-json.js';
import { mintReportSigner } from './mint-report-signer.js';
import type { ProbeReport, ProbeReports } from './probe-report.js';
import type { ProofKit } from './read-proof-kit.js';

/** What stands under `signature` in a report: it is over all the rest of it in the form of RFC 8785. */
export interface ReportSignature {
  /** As RFC 5280's companions call it: `ecdsaWithSHA256`. */
  readonly algorithm: string;
  /** PEM, the signer's own first, without the root. */
  readonly certificates: readonly string[];
  /** Base64 of what X.509 would put into signatureValue. */
  readonly value: string;
}

/** Who signs: the CA, by a certificate that is made for this report, or a kit, by the one in it. */
export type ReportAuthority =
  | { readonly ca: Pick<CertificateAuthority, 'issuing' | 'root' | 'signer' | 'recordMinted'> }
  | { readonly kit: Pick<ProofKit, 'signer'> };

/** Signs a report.
 *  @throws SslapiError ERR_KIT_INVALID where the kit signs none, ERR_PASSWORD_WRONG … */
export async function signReport<Probed extends ProbeReport | ProbeReports>(
  report: Probed,
  by: ReportAuthority,
  now: Date,
): Promise<Probed & { readonly signature: ReportSignature }> {
  const { chain, privateKey } = 'kit' in by ? signerInKit(by.kit) : await mintedSigner(report, by.ca, now);
  const { subjectPublicKeyInfo } = parseCertificate(chain[0]!);
  const signer = signerOfPkcs8(decodePem(privateKey)[0]!.der, subjectPublicKeyInfo.der);
  const { algorithm } = readAlgorithmIdentifier(new DerReader(signer.signatureAlgorithm));
  const value = await signer.sign(signedOctets(report));
  const signature: ReportSignature = {
    algorithm: oidName(algorithm),
    certificates: chain.map((der) => encodePem('CERTIFICATE', der)),
    value: Buffer.from(value).toString('base64'),
  };
  return { ...report, signature };
}

/** What the signature of a report is over: all of it as JSON keeps it, but the signature. */
export function signedOctets(report: object): Uint8Array {
  const { signature: _, ...rest } = JSON.parse(JSON.stringify(report)) as { signature?: unknown };
  return Buffer.from(canonicalJson(rest), 'utf8');
}

/** When the probes of a report began, the first and the last. */
export function momentsOf(report: ProbeReport | ProbeReports): readonly Date[] {
  const reports = 'reports' in report ? report.reports : [report];
  const moments = reports.map(({ startedAt }) => new Date(startedAt)).sort((a, b) => Number(a) - Number(b));
  return moments.length > 1 ? [moments[0]!, moments.at(-1)!] : moments;
}

async function mintedSigner(
  report: ProbeReport | ProbeReports,
  ca: Extract<ReportAuthority, { ca: unknown }>['ca'],
  now: Date,
): Promise<MintedCredential> {
  const [began = now] = momentsOf(report);
  const validity: Validity = {
    notBefore: wholeSeconds(new Date(began.getTime() - BACKDATE_MS)),
    notAfter: wholeSeconds(new Date(now.getTime() + LIFETIME_MS)),
  };
  const signer = await mintReportSigner(ca, now, validity);
  const serialNumber = serialNumberHex(parseCertificate(signer.chain[0]!).serialNumber);
  await ca.recordMinted([{ serialNumber, what: 'report-signer' }]);
  return signer;
}

function signerInKit({ signer }: Pick<ProofKit, 'signer'>): MintedCredential {
  if (signer !== null) return signer;
  throw new SslapiError('ERR_KIT_INVALID', 'the kit holds nothing that signs a report', {
    hint: 'Have a new one made by this version.',
  });
}

const LIFETIME_MS = 10 * 60 * 1000;
