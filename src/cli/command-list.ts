import type { Command } from 'commander';
import type { CommandContext } from './command-context.js';

/** A command as the program knows it before it is loaded. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(context: CommandContext) => Command>;
}

/** Every command, in the order of `sslapi help`; each is loaded only when it is called. */
export const COMMANDS: readonly CommandEntry[] = [
  entry(
    'quickstart',
    'the whole loop: a CA, a server, clients let in and clients refused',
    async () => (await import('./commands/quickstart.js')).quickstartCommand,
  ),
  entry(
    'init-ca',
    'create a CA: a root, an issuing CA and their first CRLs',
    async () => (await import('./ca-commands.js')).initCaCommand,
  ),
  entry(
    'import-ca',
    'bring in a CA of easy-rsa, openssl ca or another tool, with what it revoked',
    async () => (await import('./commands/import-ca.js')).importCaCommand,
  ),
  entry(
    'issue-server',
    'issue a key and certificate for a TLS server',
    async () => (await import('./ca-commands.js')).issueServerCommand,
  ),
  entry(
    'issue-client',
    'issue a key and certificate for a TLS client',
    async () => (await import('./ca-commands.js')).issueClientCommand,
  ),
  entry(
    'csr',
    'make a key and a certification request for it',
    async () => (await import('./ca-commands.js')).csrCommand,
  ),
  entry(
    'sign-csr',
    "sign another's certification request",
    async () => (await import('./ca-commands.js')).signCsrCommand,
  ),
  entry(
    'renew',
    'renew a certificate, or all that is due',
    async () => (await import('./ca-commands.js')).renewCommand,
  ),
  entry(
    'revoke',
    'revoke a certificate and publish the CRL',
    async () => (await import('./ca-commands.js')).revokeCommand,
  ),
  entry(
    'unrevoke',
    'take a certificate off hold, and publish the CRL',
    async () => (await import('./ca-commands.js')).unrevokeCommand,
  ),
  entry(
    'gen-crl',
    'sign the CRLs anew, before they run out',
    async () => (await import('./ca-commands.js')).genCrlCommand,
  ),
  entry(
    'status',
    'what expires or is due, and what will have broken by some day',
    async () => (await import('./ca-commands.js')).statusCommand,
  ),
  entry(
    'list',
    'list the certificates of this CA',
    async () => (await import('./ca-commands.js')).listCommand,
  ),
  entry(
    'export',
    'hand a certificate on: PKCS#12, PKCS#7, a Kubernetes Secret and more',
    async () => (await import('./ca-commands.js')).exportCommand,
  ),
  entry(
    'inspect',
    'show what a certificate, request, CRL or key says, and what is wrong with it',
    async () => (await import('./commands/inspect.js')).inspectCommand,
  ),
  entry(
    'verify',
    'judge a certification path as RFC 5280 does',
    async () => (await import('./commands/verify.js')).verifyCommand,
  ),
  entry(
    'config',
    'print a server configuration that demands client certificates',
    async () => (await import('./commands/config.js')).configCommand,
  ),
  entry(
    'serve',
    'serve a demo API to the clients of this CA',
    async () => (await import('./commands/serve.js')).serveCommand,
  ),
  entry(
    'probe',
    'look at a TLS endpoint, and prove whom it lets in',
    async () => (await import('./commands/probe.js')).probeCommand,
  ),
  entry(
    'prove',
    'run a real server on what `config` writes, and prove whom it lets in',
    async () => (await import('./commands/prove.js')).proveCommand,
  ),
  entry(
    'proof-kit',
    "what a proof needs and only the CA can sign, for machines without the CA's key",
    async () => (await import('./commands/proof-kit.js')).proofKitCommand,
  ),
  entry(
    'verify-report',
    'whether a signed report is as it was signed, and by whom',
    async () => (await import('./commands/verify-report.js')).verifyReportCommand,
  ),
  entry(
    'policies',
    'what an endpoint can be measured against, and how old that is',
    async () => (await import('./commands/policies.js')).policiesCommand,
  ),
  entry(
    'trust',
    'have the programs of this machine trust the root of this CA, or no longer',
    async () => (await import('./commands/trust.js')).trustCommand,
  ),
  entry(
    'rekey-password',
    "change the password of the CA's keys, set one, or remove it",
    async () => (await import('./ca-commands.js')).rekeyPasswordCommand,
  ),
  entry(
    'path',
    "print where the CA's or a certificate's files lie",
    async () => (await import('./ca-commands.js')).pathCommand,
  ),
  entry(
    'completion',
    'what bash, zsh or fish needs to complete commands, flags and NAMEs',
    async () => (await import('./commands/completion.js')).completionCommand,
  ),
];

/** What no person types: neither in the help nor among the commands that a mistyped one is held against. */
export const HIDDEN_COMMANDS: readonly CommandEntry[] = [
  entry(
    '__names',
    'the NAMEs of this CA, for completions',
    async () => (await import('./ca-commands.js')).namesCommand,
  ),
];

function entry(name: string, summary: string, load: CommandEntry['load']): CommandEntry {
  return { name, summary, load };
}
