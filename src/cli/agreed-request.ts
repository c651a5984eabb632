import type { LeafProfileName } from '../ca/profiles.js';
import { checkRequest, type SignRequestWish, summaryOf } from '../ca/sign-request.js';
import { SslapiError } from '../errors.js';
import { askConfirm } from '../ui/prompt.js';
import type { GeneralName } from '../x509/general-name.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import { type ValidityFlags, validityWish } from './options.js';
import { readInput } from './read-input.js';
import { readRequest } from './read-request.js';

/** Flags of `sign-csr`. */
export interface SignFlags extends CommonFlags, ValidityFlags {
  readonly profile?: LeafProfileName;
  readonly name?: string;
  readonly san?: readonly GeneralName[];
  readonly out: string;
  readonly yes?: boolean;
  readonly force?: boolean;
}

/** Reads the request, shows what it asks for, and has the user agree: by an answer, or by --yes.
 *  @throws SslapiError ERR_REQUEST_REFUSED, ERR_ISSUE_DECLINED, ERR_ANSWER_NEEDED */
export async function agreedRequest(
  path: string,
  flags: SignFlags,
  { output, terminal }: CommandRun,
): Promise<SignRequestWish> {
  const { profile, san } = flags;
  if (profile === undefined)
    throw new SslapiError('ERR_USAGE', 'no --profile is given', {
      hint: 'Give --profile server, client or peer.',
    });
  const request = readRequest(readInput(path), path);
  checkRequest(request, profile);
  const { subject, subjectAltName, keyType } = summaryOf(request);
  const asked = subjectAltName.join(', ') || 'none';
  const names = san === undefined ? asked : `${san.length} given by --san instead of ${asked}`;
  output.say(
    `the request asks for: subject ${subject || '(empty)'}, names ${names}, key ${keyType}; profile ${profile}`,
  );
  const agreed = flags.yes === true || (await askConfirm(terminal, { message: 'Sign it?', flag: '--yes' }));
  if (!agreed) throw new SslapiError('ERR_ISSUE_DECLINED', 'the request was not signed');
  return {
    request,
    profile,
    ...validityWish(flags),
    ...(flags.name !== undefined && { name: flags.name }),
    ...(san && { subjectAltName: san }),
    ...(flags.force === true && { force: true }),
  };
}
