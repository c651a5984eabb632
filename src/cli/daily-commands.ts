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
  'export',
  'rekey-password',
  'path',
];

/** Whether the command line is for one of them, or for none: `sslapi` alone looks into the PKI too. */
export function isDaily(args: readonly string[]): boolean {
  return args[0] === undefined || DAILY_COMMANDS.includes(args[0]);
}
