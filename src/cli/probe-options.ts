import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { type PresentedCredential, presentedCredential } from '../credentials/presented-credential.js';
import { SslapiError } from '../errors.js';
import type { ProbeEachOptions } from '../probe/probe-each.js';
import type { ReportAuthority } from '../probe/sign-report.js';
import type { CommandRun } from './command-context.js';
import { deployBy } from './deploy-crl.js';
import { probeAuthority } from './probe-authority.js';
import type { ProbeFlags } from './probe-flags.js';
import { probeTrust } from './probe-trust.js';
import { readInput } from './read-input.js';
import { version } from './version.js';

/** What the flags ask of a probe. The CA is opened only where a proof, `--sign` or `--client` needs it. */
export async function probeOptions(
  flags: ProbeFlags,
  run: CommandRun,
): Promise<{ readonly options: ProbeEachOptions; readonly signing: ReportAuthority | null }> {
  const { servername, path, headerFile, expect, failOn, gentle, concurrency, timeout, proveMtls } = flags;
  const { allIps, targets } = flags;
  const client = await clientOf(flags, run);
  const { proving, signing } = await probeAuthority(flags, client, run);
  const options: ProbeEachOptions = {
    version: version(),
    trust: probeTrust(flags, run, proving.kit),
    ...(proveMtls && { proveMtls }),
    ...proving,
    ...(client && { client }),
    ...(servername !== undefined && { servername }),
    ...(allIps && { allAddresses: true }),
    ...(targets !== undefined && { asList: true }),
    ...(path && { paths: path }),
    ...(headerFile && { headers: headerFile }),
    ...(expect && { expect }),
    ...detourOptions(flags),
    ...(flags.checkRevocation && { checkRevocation: true }),
    ...(flags.policy && { policy: flags.policy }),
    ...(failOn && { failOn }),
    ...(gentle && { gentle }),
    ...(concurrency !== undefined && { concurrency }),
    ...(timeout !== undefined && { timeoutMs: Math.min(timeout * 1000, MAX_TIMEOUT_MS) }),
  };
  return { options, signing };
}

/** What a proof is told about the ways around the handshake. @throws SslapiError ERR_USAGE */
function detourOptions({
  http,
  identity,
  revokeLive,
  onCrl,
  proveMtls,
}: ProbeFlags): Pick<ProbeEachOptions, 'http' | 'identities' | 'revokeLive' | 'deployCrl'> {
  const alone = proveMtls ? undefined : identity ? '--identity' : revokeLive ? '--revoke-live' : undefined;
  if (alone)
    throw new SslapiError('ERR_USAGE', `${alone} is a part of a proof`, { hint: 'Add --prove-mtls.' });
  if (onCrl !== undefined && !revokeLive)
    throw new SslapiError('ERR_USAGE', '--on-crl deploys what --revoke-live publishes', {
      hint: 'Add --revoke-live: a client is made for it, and revoked.',
    });
  return {
    ...(http && { http }),
    ...(identity && { identities: identity }),
    ...(revokeLive && { revokeLive }),
    ...(onCrl !== undefined && { deployCrl: deployBy(onCrl) }),
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

/** Timers of Node hold no longer. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;
