import { basename, dirname, resolve } from 'node:path';
import { Option } from 'commander';
import type { CreateOptions } from '../ca/create-authority.js';
import { SslapiError } from '../errors.js';
import type { KeyType } from '../keys/key-type.js';
import { askText } from '../ui/prompt.js';
import { canAsk, type Terminal } from '../ui/terminal.js';
import { type GeneralName, toDnsName } from '../x509/general-name.js';
import { parseIpNetwork } from '../x509/ip-address.js';
import type { Name } from '../x509/name.js';
import type { CommonFlags } from './command-context.js';
import { newCaPassphrase, passwordFrom } from './passwords.js';

/** Flags of `init-ca`. */
export interface InitFlags extends CommonFlags {
  readonly pki: string;
  readonly name?: string;
  readonly subject?: Name;
  readonly keyType?: KeyType;
  readonly days?: number;
  readonly issuingDays?: number;
  readonly intermediate: boolean;
  readonly password?: boolean;
  readonly rootOut?: string;
  readonly nextUpdate?: number;
  readonly rootNextUpdate?: number;
  readonly crlUrl?: string;
  readonly ocspUrl?: string;
  readonly issuerUrl?: string;
  readonly permitDns?: readonly GeneralName[];
  readonly permitIp?: readonly GeneralName[];
  readonly permitEmail?: readonly GeneralName[];
  readonly excludeDns?: readonly GeneralName[];
  readonly excludeIp?: readonly GeneralName[];
  readonly excludeEmail?: readonly GeneralName[];
}

/** What the flags wish for; on a terminal, what they leave open is asked with good defaults. */
export async function createOptions(flags: InitFlags, terminal: Terminal): Promise<CreateOptions> {
  const {
    keyType,
    days,
    issuingDays,
    nextUpdate,
    rootNextUpdate,
    crlUrl,
    ocspUrl,
    issuerUrl,
    subject,
    rootOut,
  } = flags;
  const name =
    flags.name ?? (subject === undefined && canAsk(terminal) ? await askName(flags, terminal) : undefined);
  const passphrase = await newCaPassphrase(flags, terminal);
  return {
    pki: flags.pki,
    passphrase,
    noIntermediate: !flags.intermediate,
    ...(name !== undefined && { name }),
    ...(subject && { subject }),
    ...(keyType && { keyType }),
    ...(days !== undefined && { validityDays: days }),
    ...(issuingDays !== undefined && { issuingDays }),
    ...(nextUpdate !== undefined && { nextUpdateSeconds: nextUpdate }),
    ...(rootNextUpdate !== undefined && { rootNextUpdateSeconds: rootNextUpdate }),
    ...(crlUrl !== undefined && { crlUrl }),
    ...(ocspUrl !== undefined && { ocspUrl }),
    ...(issuerUrl !== undefined && { issuerUrl }),
    ...(rootOut !== undefined && { rootOut }),
    ...(flags.rootPasswordFile !== undefined && { rootPassphrase: passwordFrom(flags.rootPasswordFile) }),
    nameConstraints: {
      permittedSubtrees: [
        ...(flags.permitDns ?? []),
        ...(flags.permitIp ?? []),
        ...(flags.permitEmail ?? []),
      ],
      excludedSubtrees: [
        ...(flags.excludeDns ?? []),
        ...(flags.excludeIp ?? []),
        ...(flags.excludeEmail ?? []),
      ],
    },
  };
}

/** `--permit-dns` and its five kin: the name constraints of both CAs, RFC 5280 §4.2.1.10. */
export function nameConstraintOptions(): Option[] {
  return (['permit', 'exclude'] as const).flatMap((verb) => {
    const only = verb === 'permit' ? 'certificates may hold only' : 'certificates may hold none of';
    return [
      new Option(`--${verb}-dns <names>`, `${only} these DNS names and what is below them`).argParser(
        collect(dnsBase),
      ),
      new Option(`--${verb}-ip <networks>`, `${only} addresses of these networks: 10.0.0.0/8`).argParser(
        collect(ipBase),
      ),
      new Option(`--${verb}-email <hosts>`, `${only} mail addresses of these hosts`).argParser(
        collect(emailBase),
      ),
    ];
  });
}

async function askName({ pki }: InitFlags, terminal: Terminal): Promise<string> {
  return askText(terminal, {
    message: 'What shall the CA be called?',
    flag: '--name NAME',
    default: basename(dirname(resolve(pki))) || 'sslapi',
  });
}

function collect(parse: (text: string) => GeneralName) {
  return (text: string, previous: readonly GeneralName[] | undefined): readonly GeneralName[] => [
    ...(previous ?? []),
    ...text.split(',').map((one) => parse(one.trim())),
  ];
}

function dnsBase(text: string): GeneralName {
  const name = toDnsName(text.replace(/^\./, ''));
  if (name === null || name.startsWith('*')) throw unreadable(text);
  return { type: 'dNSName', value: name };
}

function emailBase(text: string): GeneralName {
  const host = toDnsName(text.replace(/^.*@|^\./, ''));
  if (host === null) throw unreadable(text);
  return {
    type: 'rfc822Name',
    value: text.includes('@') || text.startsWith('.') ? text.toLowerCase() : host,
  };
}

function ipBase(text: string): GeneralName {
  const octets = parseIpNetwork(text);
  if (octets === null) throw unreadable(text);
  return { type: 'iPAddress', octets };
}

function unreadable(text: string): SslapiError {
  return new SslapiError('ERR_NAME_CONSTRAINT_INVALID', `cannot read the name constraint "${text}"`);
}
