import { type Command, Option } from 'commander';
import { SslapiError } from '../errors.js';
import type { Policy } from '../policy/policy.js';
import { type HeaderField, parseHeaderFields, parsePath } from '../probe/http-request.js';
import { type IdentityWish, parseIdentity } from '../probe/identity-wish.js';
import type { HttpVersion } from '../probe/plan-proof.js';
import { SEVERITIES, type Severity } from '../probe/severity.js';
import { REPORT_FORMATS } from '../report/formats.js';
import type { HttpProxy } from '../tls/proxy.js';
import { STARTTLS_PROTOCOLS, type StarttlsProtocol } from '../tls/starttls/protocols.js';
import type { CommonFlags } from './command-context.js';
import { parseDuration } from './parse-duration.js';
import { collectFormat, type FormatWish } from './probe-output.js';
import { parseProxy } from './probe-proxy.js';
import { parseStarttls } from './probe-targets.js';
import { readInput } from './read-input.js';
import { policyNamed } from './read-policy.js';

/** Flags of `probe`. */
export interface ProbeFlags extends CommonFlags {
  readonly servername?: string;
  readonly starttls?: StarttlsProtocol;
  readonly proxy?: HttpProxy;
  readonly allIps?: boolean;
  readonly targets?: string;
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly client?: string;
  readonly proveMtls?: boolean;
  readonly kit?: string;
  readonly kitPasswordFile?: string;
  readonly path?: readonly string[];
  readonly headerFile?: readonly HeaderField[];
  readonly expect?: RegExp;
  readonly http?: HttpVersion;
  readonly identity?: readonly IdentityWish[];
  readonly revokeLive?: boolean;
  readonly onCrl?: string;
  readonly checkRevocation?: boolean;
  readonly policy?: Policy;
  readonly failOn?: Severity;
  readonly allowInconclusive?: boolean;
  readonly format?: readonly FormatWish[];
  readonly output?: string;
  readonly baseline?: string;
  readonly sign?: boolean;
  readonly force?: boolean;
  readonly gentle?: boolean;
  readonly concurrency?: number;
  /** In seconds. */
  readonly timeout?: number;
}

export function withProbeOptions(command: Command): Command {
  return command
    .option('--targets <file>', 'probe these too, one a line; - is standard input')
    .option('--all-ips', 'probe every address of a name')
    .option('--servername <name>', 'call the server by this name (SNI, Host, certificate)')
    .addOption(option('--starttls <protocol>', STARTTLS_PROTOCOLS.join(', '), parseStarttls))
    .addOption(option('--proxy <url>', 'go through this HTTP proxy: http://[user@]host:port', parseProxy))
    .option('--cacert <file>', 'trust these roots alone (default: those of the system and the local root)')
    .option('--prove-mtls', 'show good and bad client certificates, and tell which were let in')
    .option('--kit <file>', "prove it by this kit (`sslapi proof-kit`), without the CA's key")
    .option('--kit-password-file <file>', 'read the password of the kit from this file')
    .option('--client <name>', 'show the certificate of this NAME as the good one')
    .option('--cert <file>', 'show this client certificate as the good one')
    .option('--key <file>', 'its private key')
    .addOption(option('--path <path>', 'ask for this path, as often as wished (default: /)', collectPath))
    .addOption(option('--header-file <file>', 'send these header fields, one a line', readHeaderFile))
    .addOption(option('--expect <regex>', 'what the answer to a good client matches', parseExpect))
    .addOption(
      option('--http <version>', 'prove over HTTP 1.1 or 2 alone (default: what the server has)', parseHttp),
    )
    .addOption(
      option('--identity <name=/path>', 'NAME may have that path, and no other client', collectIdentity),
    )
    .option('--revoke-live', 'make a client, revoke it, and see what it still gets')
    .option('--on-crl <command>', 'what brings the new $SSLAPI_CRL_CHAIN to the server, in a shell')
    .option('--check-revocation', 'ask the CRLs and OCSP responders that the certificates name')
    .addOption(option('--policy <policy>', 'modern, intermediate, nist, bcp195 or a FILE', policyNamed))
    .addOption(option('--fail-on <severity>', `${SEVERITIES.join(', ')} (default: high)`, parseSeverity))
    .option('--allow-inconclusive', 'exit 0 where something could not be decided')
    .addOption(
      option(
        '--format <format>',
        `${REPORT_FORMATS.join(', ')}; or FORMAT=FILE; as often as wished`,
        collectFormat,
      ),
    )
    .option('--output <file>', 'write the report there')
    .option('--baseline <report.json>', 'say what changed since that report, and fail only on what got worse')
    .option('--sign', 'sign the JSON report by the CA or the kit; `verify-report` checks it')
    .option('--force', 'overwrite files')
    .option('--gentle', 'as few connections as can be, two at once')
    .addOption(
      option(
        '--concurrency <n>',
        'how many connections at once, over all targets (default: 32)',
        parseConcurrency,
      ),
    )
    .addOption(option('--timeout <duration>', 'for each connection (default: 5s)', parseDuration));
}

function option(flags: string, meaning: string, parse: (text: string, previous: never) => unknown): Option {
  return new Option(flags, meaning).argParser(parse as (text: string, previous: unknown) => unknown);
}

function collectPath(text: string, previous: readonly string[] | undefined): readonly string[] {
  return [...(previous ?? []), parsePath(text)];
}

function collectIdentity(
  text: string,
  previous: readonly IdentityWish[] | undefined,
): readonly IdentityWish[] {
  return [...(previous ?? []), parseIdentity(text)];
}

function parseHttp(text: string): HttpVersion {
  if (text === '1.1' || text === '2') return text;
  throw new SslapiError('ERR_USAGE', `"${text}" is no version of HTTP`, { hint: 'Write 1.1 or 2.' });
}

function readHeaderFile(path: string): HeaderField[] {
  return parseHeaderFields(Buffer.from(readInput(path)).toString('latin1'));
}

function parseExpect(text: string): RegExp {
  try {
    return new RegExp(text, 's');
  } catch (cause) {
    throw new SslapiError('ERR_USAGE', `"${text}" is no regular expression`, { cause });
  }
}

function parseSeverity(text: string): Severity {
  const found = SEVERITIES.find((severity) => severity === text.toLowerCase());
  if (found !== undefined) return found;
  throw new SslapiError('ERR_USAGE', `"${text}" is no severity`, {
    hint: `Choose ${SEVERITIES.join(', ')}.`,
  });
}

function parseConcurrency(text: string): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (count >= 1) return count;
  throw new SslapiError('ERR_USAGE', `"${text}" is no number of connections`, { hint: 'Write 1 to 9999.' });
}
