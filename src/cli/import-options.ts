import type { ImportOptions } from '../ca/import-authority.js';
import { SslapiError } from '../errors.js';
import type { Terminal } from '../ui/terminal.js';
import type { CommonFlags } from './command-context.js';
import { newCaPassphrase, rootKeyOf, sourcePassphrase } from './passwords.js';

/** Flags of `import-ca`. */
export interface ImportFlags extends CommonFlags {
  readonly pki: string;
  readonly easyrsa?: string;
  readonly openssl?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly chain?: readonly string[];
  readonly crl?: readonly string[];
  readonly sourcePasswordFile?: string;
  readonly password?: boolean;
  readonly nextUpdate?: number;
  readonly rootNextUpdate?: number;
  readonly crlUrl?: string;
  readonly ocspUrl?: string;
  readonly issuerUrl?: string;
}

/** What the flags wish for. @throws SslapiError ERR_USAGE where they name no CA, or two */
export function importOptions(flags: ImportFlags, terminal: Terminal): ImportOptions {
  const { easyrsa, openssl, cert, key, chain, crl, nextUpdate, rootNextUpdate, crlUrl, ocspUrl, issuerUrl } =
    flags;
  refuseContradictions(flags);
  const rootKey = rootKeyOf(flags, terminal);
  return {
    pki: flags.pki,
    from: {
      ...(easyrsa !== undefined && { easyRsa: easyrsa }),
      ...(openssl !== undefined && { openssl }),
      ...(cert !== undefined && { cert }),
      ...(key !== undefined && { key }),
      ...(chain && { chain }),
      ...(crl && { crl }),
    },
    sourcePassphrase: sourcePassphrase(flags.sourcePasswordFile, terminal),
    passphrase: () => newCaPassphrase(flags, terminal),
    ...(rootKey && { rootKey }),
    ...(nextUpdate !== undefined && { nextUpdateSeconds: nextUpdate }),
    ...(rootNextUpdate !== undefined && { rootNextUpdateSeconds: rootNextUpdate }),
    ...(crlUrl !== undefined && { crlUrl }),
    ...(ocspUrl !== undefined && { ocspUrl }),
    ...(issuerUrl !== undefined && { issuerUrl }),
  };
}

function refuseContradictions({ easyrsa, openssl, cert, key }: ImportFlags): void {
  if (easyrsa !== undefined && openssl !== undefined)
    throw new SslapiError('ERR_USAGE', '--easyrsa and --openssl contradict each other', {
      hint: 'Give one of them.',
    });
  if (easyrsa !== undefined || openssl !== undefined) return;
  const missing = [...(cert === undefined ? ['--cert'] : []), ...(key === undefined ? ['--key'] : [])];
  if (missing.length === 1)
    throw new SslapiError('ERR_USAGE', `${missing[0]} is missing`, {
      hint: 'A CA is a certificate and its key: give --cert FILE and --key FILE.',
    });
}
