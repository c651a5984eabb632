import { type Command, Option } from 'commander';
import { SslapiError } from '../errors.js';
import type { Profile, Purpose } from '../path/verify-options.js';
import { parseInstant } from './parse-duration.js';

/** The flags of `verify`. */
export interface VerifyFlags {
  readonly pki?: string;
  readonly trusted?: readonly string[];
  readonly untrusted?: readonly string[];
  readonly crl?: readonly string[];
  readonly ocsp?: readonly string[];
  readonly at?: Date;
  readonly purpose?: Purpose;
  readonly hostname?: readonly string[];
  readonly ip?: readonly string[];
  readonly email?: readonly string[];
  readonly requireCrl?: boolean;
  readonly maxDepth?: number;
  readonly profile?: Profile;
  readonly policy?: readonly string[];
  readonly requireExplicitPolicy?: boolean;
  readonly inhibitPolicyMapping?: boolean;
  readonly inhibitAnyPolicy?: boolean;
}

/** Adds them to a command. */
export function withVerifyOptions(command: Command): Command {
  return command
    .option('--trusted <file>', 'certificates to trust, instead of the local CA', collectText)
    .option('--untrusted <file>', 'intermediates that may help', collectText)
    .option('--crl <file>', 'CRLs to look it up in: every CA of the path needs one', collectText)
    .option('--ocsp <file>', 'OCSP responses, in DER', collectText)
    .option('--at <instant>', 'judge as of then: 2027-03-01T00:00:00Z', parseInstant)
    .addOption(
      new Option('--purpose <purpose>', 'what it is for').choices(['server', 'client', 'any']).default('any'),
    )
    .option('--hostname <name>', 'a DNS name that it must be for', collectText)
    .option('--ip <address>', 'an IP address that it must be for', collectText)
    .option('--email <address>', 'a mail address that it must be for', collectText)
    .option('--require-crl', 'refuse where its revocation cannot be told')
    .option('--max-depth <n>', 'the most intermediates', parseCount)
    .addOption(
      new Option('--profile <profile>', 'whose rules').choices(['rfc5280', 'webpki']).default('rfc5280'),
    )
    .option('--policy <oid>', 'a certificate policy that is acceptable', collectText)
    .option('--require-explicit-policy', 'refuse a path without an acceptable policy')
    .option('--inhibit-policy-mapping', 'take no policy for another')
    .option('--inhibit-any-policy', 'take anyPolicy for none');
}

/** A flag that may be given several times. */
function collectText(text: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), text];
}

function parseCount(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new SslapiError('ERR_USAGE', `"${text}" is no number of intermediates`);
  return Number(text);
}
