/** The commands that `ca-commands.ts` holds. */
export const DAILY_COMMANDS: readonly string[] = [
  'init-ca',
  'issue-server',
  'issue-client',
  'csr',
  'sign-csr',
  'renew',
  'revoke',
  'unrevoke',
  'gen-crl',
  'list',
  'status',
  'export',
  'rekey-password',
  'path',
];

/** Whether the command line is for one of them, or for none: `sslapi` alone looks into the PKI too, and so do the
 *  completions. */
export function isDaily(args: readonly string[]): boolean {
  return args[0] === undefined || args[0] === '__names' || DAILY_COMMANDS.includes(args[0]);
}
