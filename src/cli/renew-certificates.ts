import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { CertificateView } from '../ca/certificate-view.js';
import type { Renewed, RenewWish } from '../ca/renew.js';
import { EXIT, type ExitCode, SslapiError } from '../errors.js';
import type { KeyType } from '../keys/key-type.js';
import type { CertificateRecord } from '../store/store.js';
import { failureOf } from '../ui/failure.js';
import { certificateText } from './certificate-text.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import { leafKeyPassphrase, newExportPassphrase } from './passwords.js';
import { runHook } from './run-hook.js';
import { tellCrls } from './tell-crls.js';

/** Flags of `renew`. */
export interface RenewFlags extends CommonFlags {
  readonly due?: boolean;
  readonly within?: number;
  readonly rekey?: boolean;
  readonly keyType?: KeyType;
  readonly revokeOld?: boolean;
  readonly exec?: string;
  readonly keyPasswordFile?: string;
  readonly p12?: boolean;
  readonly exportPasswordFile?: string;
  readonly exportPasswordStdin?: boolean;
}

/** `renew NAME`. */
export async function renewOne(run: CommandRun, name: string | undefined, flags: RenewFlags): Promise<void> {
  if (name === undefined || name === '')
    throw new SslapiError('ERR_USAGE', 'no NAME is given', {
      hint: 'Give a NAME, or --due for all that is due.',
    });
  if (flags.within !== undefined)
    throw new SslapiError('ERR_USAGE', '--within belongs to --due', {
      hint: 'Leave it out, or renew all that is due: `sslapi renew --due --within 30d`.',
    });
  const { output } = run;
  const ca = await run.openCa();
  const record = ca.renewable(await ca.find(name));
  const renewed = await ca.renew(record, await wishOf(run, flags));
  const crls = tellRenewed(run, renewed);
  output.answer({ certificate: renewed.certificate, renews: renewed.renews, ...(crls && { crls }) }, () =>
    certificateText(renewed.certificate),
  );
  if (flags.exec === undefined) output.say('next: reload the servers that use it');
  else if (!(await execAfter(run, flags.exec, renewed))) run.exit(EXIT.couldNot);
}

/** `renew --due`: one after the other, over single failures. */
export async function renewAllDue(
  run: CommandRun,
  name: string | undefined,
  flags: RenewFlags,
): Promise<void> {
  if (name !== undefined)
    throw new SslapiError('ERR_USAGE', `--due renews all that is due, and "${name}" is given too`, {
      hint: `Leave out one of them: \`sslapi renew ${name}\`.`,
    });
  const { output } = run;
  const ca = await run.openCa();
  const due = await ca.dueForRenewal(flags.within);
  if (due.length === 0) return output.answer({ certificates: [], failed: [] }, () => 'nothing is due\n');
  const wish = { ...(await wishOf(run, flags)), once: true };
  const outcome: Outcome = { certificates: [], failed: [], exitCode: EXIT.yes };
  for (const record of due) await renewInTurn(run, ca, record, wish, flags.exec, outcome);
  const { certificates, failed, exitCode } = outcome;
  output.answer({ certificates, failed }, () =>
    certificates.map(({ name: own, notAfter }) => `renewed ${own}, until ${notAfter}\n`).join(''),
  );
  if (exitCode !== EXIT.yes) run.exit(exitCode);
}

interface Outcome {
  readonly certificates: CertificateView[];
  readonly failed: Array<{
    name: string;
    serialNumber: string;
    error: { code: string; message: string; hint: string };
  }>;
  exitCode: ExitCode;
}

async function renewInTurn(
  run: CommandRun,
  ca: CertificateAuthority,
  record: CertificateRecord,
  wish: RenewWish,
  exec: string | undefined,
  outcome: Outcome,
): Promise<void> {
  try {
    const renewed = await ca.renew(record, wish);
    outcome.certificates.push(renewed.certificate);
    tellRenewed(run, renewed);
    if (exec !== undefined && !(await execAfter(run, exec, renewed)))
      outcome.exitCode = worse(outcome.exitCode, EXIT.couldNot);
  } catch (error) {
    if (error instanceof SslapiError && error.code === 'ERR_ALREADY_RENEWED') return;
    if (error instanceof SslapiError && HOPELESS.has(error.code)) throw error;
    const { code, message, hint, exitCode } = failureOf(error);
    const { name, serialNumber } = record;
    outcome.failed.push({ name, serialNumber, error: { code, message, hint } });
    outcome.exitCode = worse(outcome.exitCode, exitCode);
    run.output.warn(`${name} was not renewed: ${message} (${code}); ${hint}`);
  }
}

/** 1 outranks 3, 3 outranks 0; what is wrong with one certificate is no usage error of the whole. */
function worse(before: ExitCode, now: ExitCode): ExitCode {
  const rank = (code: ExitCode) => (code === EXIT.no ? 2 : code === EXIT.yes ? 0 : 1);
  const next = now === EXIT.usage ? EXIT.couldNot : now;
  return rank(next) > rank(before) ? next : before;
}

async function wishOf({ terminal }: CommandRun, flags: RenewFlags): Promise<RenewWish> {
  return {
    rekey: flags.rekey === true,
    ...(flags.keyType && { keyType: flags.keyType }),
    revokeOld: flags.revokeOld === true,
    keyPassphrase: leafKeyPassphrase(flags.keyPasswordFile, terminal),
    ...(flags.p12 === true && { exportPassword: await newExportPassphrase(flags, terminal) }),
  };
}

function tellRenewed(run: CommandRun, { notices, revoked, crls }: Renewed) {
  for (const notice of notices) run.output.warn(notice);
  for (const { name, serialNumber } of revoked)
    run.output.say(`revoked ${name} (serial ${serialNumber}), which it stands in for`);
  return crls && tellCrls(run, crls);
}

function execAfter(run: CommandRun, command: string, { certificate, files }: Renewed): Promise<boolean> {
  return runHook(run, command, `the renewal of ${certificate.name}`, {
    SSLAPI_NAME: certificate.name,
    SSLAPI_CERT: files.cert,
    SSLAPI_CHAIN: files.chain,
    SSLAPI_FULLCHAIN: files.fullchain,
    ...(files.privkey !== undefined && { SSLAPI_KEY: files.privkey }),
  });
}

/** What befalls one befalls all: there is no sense in going on. */
const HOPELESS: ReadonlySet<string> = new Set([
  'ERR_PASSWORD_WRONG',
  'ERR_CA_EXPIRED',
  'ERR_STORE_DAMAGED',
  'ERR_STORE_BUSY',
  'ERR_INTERRUPTED',
]);
