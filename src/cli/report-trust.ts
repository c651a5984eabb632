import { SslapiError } from '../errors.js';
import type { ReportTrust } from '../probe/verify-report.js';
import { recognise } from '../x509/recognise.js';
import type { CommandRun } from './command-context.js';
import { readInput } from './read-input.js';

/** Whose reports are believed: the roots of a file, else that of the local CA, which knows too what it has revoked.
 *  @throws SslapiError ERR_CA_NOT_FOUND, ERR_INPUT_… */
export async function reportTrust(
  file: string | undefined,
  { openCa }: Pick<CommandRun, 'openCa'>,
): Promise<ReportTrust> {
  if (file !== undefined) return { trusted: certificatesIn(file) };
  const ca = await openCa().catch(explain);
  const { root, issuing } = ca;
  return {
    trusted: [(root ?? issuing).parsed.der],
    revocationOf: (serialNumber) => ca.revocationOf(serialNumber),
  };
}

function explain(error: unknown): never {
  if (!(error instanceof SslapiError) || error.code !== 'ERR_CA_NOT_FOUND') throw error;
  throw new SslapiError('ERR_CA_NOT_FOUND', error.message, {
    hint: 'Give the root to believe with --trusted FILE, or point --pki at the CA.',
    cause: error,
  });
}

function certificatesIn(file: string): Uint8Array[] {
  const { items } = recognise(readInput(file), file);
  const certificates = items.filter(({ kind }) => kind === 'certificate').map(({ der }) => der);
  if (certificates.length > 0) return certificates;
  throw new SslapiError('ERR_INPUT_NOT_RECOGNISED', `${file} holds no certificate`);
}

/** Reports on some thousand targets. */
export const MAX_REPORT_OCTETS = 256 * 1024 * 1024;
