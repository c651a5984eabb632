import { existsSync } from 'node:fs';
import type { ConfigFiles } from '../config/config-request.js';
import { SslapiError } from '../errors.js';
import type { CommandRun } from './command-context.js';

/** What a server's configuration names: its host name, and the files of this PKI.
 *  @param name the NAME of its certificate; without it, the only live server certificate there is */
export async function serverFiles(
  { openCa }: Pick<CommandRun, 'openCa'>,
  name: string | undefined,
): Promise<{ server: string; serverName: string; files: ConfigFiles }> {
  const ca = await openCa();
  const live = await ca.list({ status: 'valid', profile: ['server', 'peer'] });
  const kept = name?.replace(/^\*/, '_wildcard');
  const servers = live.filter((one) => kept === undefined || one.name === kept);
  const newest = servers[servers.length - 1];
  if (newest === undefined) {
    const what =
      name === undefined ? 'there is no live server certificate' : `"${name}" is no live server certificate`;
    throw new SslapiError('ERR_CERTIFICATE_UNKNOWN', what, {
      hint: 'Issue one with `sslapi issue-server NAME`; `sslapi list` shows those that are there.',
    });
  }
  if (new Set(servers.map((one) => one.name)).size > 1) {
    throw new SslapiError(
      'ERR_USAGE',
      `there are several servers: ${[...new Set(servers.map((one) => one.name))].join(', ')}`,
      { hint: 'Choose one with --server NAME.' },
    );
  }
  const [record] = await ca.find(`serial:${newest.serialNumber}`);
  const { fullchain, privkey } = ca.filesOf(record!);
  if (privkey === undefined || !existsSync(privkey)) {
    throw new SslapiError(
      'ERR_KEY_UNREADABLE',
      `the key of "${newest.name}" is not at ${privkey ?? fullchain}`,
      {
        hint: 'Put the key of its owner there, mode 0600, or choose another server with --server NAME.',
      },
    );
  }
  const first = newest.subjectAltName.find((one) => /^(DNS|IP):/.test(one))?.replace(/^(DNS|IP):/, '');
  return {
    server: newest.name.replace(/^_wildcard/, '*'),
    serverName: first ?? newest.name,
    files: {
      fullchain,
      privkey,
      caChain: ca.folder.at('ca-chain.crt'),
      crlChain: ca.folder.at('crl-chain.pem'),
    },
  };
}
