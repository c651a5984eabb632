import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { type PresentedCredential, presentedCredential } from '../credentials/presented-credential.js';
import { SslapiError } from '../errors.js';
import { systemRoots } from '../host/system-roots.js';
import type { ProbeOptions } from '../probe/probe.js';
import { nodeTrust, type TrustSource } from '../probe/trust.js';
import { decodePem } from '../x509/pem.js';
import { recognise } from '../x509/recognise.js';
import type { CommandRun } from './command-context.js';
import type { ProbeFlags } from './probe-flags.js';
import { readInput, readInputIfThere } from './read-input.js';
import { version } from './version.js';

/** What the flags ask of a probe. The CA is opened only where a proof or `--client` needs it. */
export async function probeOptions(flags: ProbeFlags, run: CommandRun): Promise<ProbeOptions> {
  const { servername, path, headerFile, expect, failOn, concurrency, timeout, proveMtls } = flags;
  const client = await clientOf(flags, run);
  return {
    version: version(),
    trust: trustOf(flags, run),
    ...(proveMtls && { proveMtls, ca: await run.openCa() }),
    ...(client && { client }),
    ...(servername !== undefined && { servername }),
    ...(path && { paths: path }),
    ...(headerFile && { headers: headerFile }),
    ...(expect && { expect }),
    ...(failOn && { failOn }),
    ...(concurrency !== undefined && { concurrency }),
    ...(timeout !== undefined && { timeoutMs: Math.min(timeout * 1000, MAX_TIMEOUT_MS) }),
  };
}

async function clientOf(
  { client, cert, key }: ProbeFlags,
  { openCa }: CommandRun,
): Promise<PresentedCredential | null> {
  if (client !== undefined && (cert !== undefined || key !== undefined))
    throw new SslapiError('ERR_USAGE', 'both --client and --cert say who the good client is');
  if ((cert === undefined) !== (key === undefined))
    throw new SslapiError('ERR_USAGE', '--cert and --key go together');
  if (cert !== undefined && key !== undefined) return presentedCredential(readInput(cert), readInput(key));
  return client === undefined ? null : credentialOfName(await openCa(), client);
}

/** The newest certificate of a NAME that is good, from its files. */
async function credentialOfName(ca: CertificateAuthority, name: string): Promise<PresentedCredential> {
  const records = await ca.find(name);
  const newest = records.filter((record) => ca.view(record).status === 'valid').at(-1) ?? records.at(-1)!;
  const { status, profile } = ca.view(newest);
  if (status !== 'valid') throw unfit(name, `is ${status}`);
  if (profile === 'server') throw unfit(name, 'is a server certificate');
  const { fullchain, privkey } = ca.filesOf(newest);
  if (privkey === undefined)
    throw new SslapiError('ERR_KEY_UNREADABLE', `the key of ${name} is not kept here`);
  return presentedCredential(readInput(fullchain), readInput(privkey));
}

/** The good client of a proof must be one that has to be let in: else nothing is proven. */
function unfit(name: string, why: string): SslapiError {
  return new SslapiError('ERR_USAGE', `--client ${name}: it ${why}, so no server should let it in`, {
    hint: 'Name a valid client certificate, or leave --client out: one is made for the proof.',
  });
}

function trustOf({ cacert, pki }: ProbeFlags, { terminal }: CommandRun): TrustSource[] {
  if (cacert !== undefined) {
    const certificates = certificatesIn(readInput(cacert), cacert);
    if (certificates.length === 0)
      throw new SslapiError('ERR_INPUT_NOT_RECOGNISED', `${cacert} holds no certificate`);
    return [{ name: '--cacert', certificates: () => certificates, named: true }];
  }
  const local = readInputIfThere(`${pki ?? './pki'}/ca.crt`);
  return [
    ...(local ? [{ name: 'the local root', certificates: () => certificatesIn(local, 'ca.crt') }] : []),
    systemTrust(terminal.env) ?? nodeTrust(),
  ];
}

function systemTrust(environment: CommandRun['terminal']['env']): TrustSource | null {
  const pem = systemRoots(environment);
  if (pem === null) return null;
  const certificates = (): Uint8Array[] =>
    decodePem(pem).flatMap(({ label, der }) => (label === 'CERTIFICATE' ? [der] : []));
  return { name: 'the roots of the system', certificates };
}

function certificatesIn(bytes: Uint8Array, name: string): Uint8Array[] {
  const { items } = recognise(bytes, name);
  return items.filter(({ kind }) => kind === 'certificate').map(({ der }) => der);
}

/** Timers of Node hold no longer. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
