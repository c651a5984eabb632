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
    'init-ca',
    'create a CA: a root, an issuing CA and their first CRLs',
    async () => (await import('./commands/init-ca.js')).initCaCommand,
  ),
  entry(
    'issue-server',
    'issue a key and certificate for a TLS server',
    async () => (await import('./commands/issue-server.js')).issueServerCommand,
  ),
  entry(
    'issue-client',
    'issue a key and certificate for a TLS client',
    async () => (await import('./commands/issue-client.js')).issueClientCommand,
  ),
  entry(
    'csr',
    'make a key and a certification request for it',
    async () => (await import('./commands/csr.js')).csrCommand,
  ),
  entry(
    'sign-csr',
    "sign another's certification request",
    async () => (await import('./commands/sign-csr.js')).signCsrCommand,
  ),
  entry(
    'revoke',
    'revoke a certificate and publish the CRL',
    async () => (await import('./commands/revoke.js')).revokeCommand,
  ),
  entry(
    'gen-crl',
    'sign the CRLs anew, before they run out',
    async () => (await import('./commands/gen-crl.js')).genCrlCommand,
  ),
  entry(
    'list',
    'list the certificates of this CA',
    async () => (await import('./commands/list.js')).listCommand,
  ),
  entry(
    'config',
    'print a server configuration that demands client certificates',
    async () => (await import('./commands/config.js')).configCommand,
  ),
  entry(
    'path',
    "print where the CA's or a certificate's files lie",
    async () => (await import('./commands/path.js')).pathCommand,
  ),
];

function entry(name: string, summary: string, load: CommandEntry['load']): CommandEntry {
  return { name, summary, load };
}
