import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { PresentedCredential } from '../credentials/presented-credential.js';
import { SslapiError } from '../errors.js';
import { type ProofKit, readProofKit } from '../probe/read-proof-kit.js';
import type { ReportAuthority } from '../probe/sign-report.js';
import { parseCertificate } from '../x509/certificate.js';
import { sameName } from '../x509/name.js';
import type { CommandRun } from './command-context.js';
import { kitPassphrase } from './passwords.js';
import type { ProbeFlags } from './probe-flags.js';
import { readInput } from './read-input.js';

/** Whom a probe has behind it. */
export interface ProbeAuthority {
  /** Who makes what a proof shows; nobody where both are absent. */
  readonly proving: { readonly kit?: ProofKit; readonly ca?: CertificateAuthority };
  /** Who signs the report; null where that was not asked for. */
  readonly signing: ReportAuthority | null;
}

/** The kit that was given; else the local CA, where there is one; a proof goes without it where the client is another CA's.
 *  With nobody, the rows that only a CA can sign are left out.
 *  @throws SslapiError ERR_CA_NOT_FOUND where the CA was named, or `--sign` needs one; ERR_KIT_… */
export async function probeAuthority(
  flags: ProbeFlags,
  client: PresentedCredential | null,
  run: CommandRun,
): Promise<ProbeAuthority> {
  const { proveMtls, sign, kit, kitPasswordFile } = flags;
  if (kit === undefined && kitPasswordFile !== undefined)
    throw new SslapiError('ERR_USAGE', '--kit-password-file without --kit');
  if (!proveMtls && !sign) {
    if (kit === undefined) return { proving: {}, signing: null };
    throw new SslapiError('ERR_USAGE', '--kit is for --prove-mtls and --sign', { hint: 'Add --prove-mtls.' });
  }
  if (kit !== undefined) {
    const opened = await openKit(kit, kitPasswordFile, run);
    return { proving: { kit: opened }, signing: sign ? { kit: opened } : null };
  }
  const ca = await localCa(flags, run);
  if (ca !== null && sign) await ca.signer(ca.issuing); // asks for the password before anything is probed
  const isOurs = ca !== null && (client === null || isOf(ca, client));
  if (proveMtls && !isOurs) run.output.say(ca === null ? WITHOUT_CA : WITH_ANOTHER_CA);
  return { proving: isOurs ? { ca } : {}, signing: ca !== null && sign ? { ca } : null };
}

async function openKit(
  file: string,
  passwordFile: string | undefined,
  { terminal }: CommandRun,
): Promise<ProofKit> {
  const octets = readInput(file, MAX_KIT_OCTETS);
  return readProofKit(octets, await kitPassphrase(passwordFile, terminal), new Date());
}

/** The CA of `--pki`; null where nobody named one, and there is none in the usual place. */
async function localCa(
  { pki = USUAL_PLACE, sign }: ProbeFlags,
  { openCa }: CommandRun,
): Promise<CertificateAuthority | null> {
  try {
    return await openCa();
  } catch (error) {
    const isAbsent = error instanceof SslapiError && error.code === 'ERR_CA_NOT_FOUND';
    if (!isAbsent || pki !== USUAL_PLACE) throw error;
    if (!sign) return null;
    throw new SslapiError('ERR_CA_NOT_FOUND', `--sign needs the CA or a kit, and ${error.message}`, {
      hint: 'Point --pki at the CA, or give --kit FILE.',
      cause: error,
    });
  }
}

/** Whether the issuing CA has the name that the client's certificate gives as its issuer. */
function isOf({ issuing }: CertificateAuthority, { chain }: PresentedCredential): boolean {
  return sameName(parseCertificate(chain[0]!).issuer, issuing.parsed.subject);
}

const WITHOUT_CA = 'no CA and no kit here: what only the CA can sign is left out';
const WITH_ANOTHER_CA = 'the client is not of the local CA: what only its own CA can sign is left out';
const USUAL_PLACE = './pki';
const MAX_KIT_OCTETS = 16 * 1024 * 1024;
