import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import { SslapiError } from '../errors.js';

/** Where a server takes connections. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Starts listening.
 *  @param host `*` is every address; port 0 takes a free one
 *  @param flag by which the user has chosen it
 *  @throws SslapiError ERR_LISTEN */
export async function listenOn(
  server: Server,
  { host, port }: ListenAddress,
  flag = '--listen',
): Promise<void> {
  try {
    server.listen(host === '*' ? { port } : { port, host });
    await once(server, 'listening');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = LISTEN_ERRORS[code ?? ''] ?? message;
    const hint = `Choose another address with ${flag} HOST:PORT.`;
    throw new SslapiError('ERR_LISTEN', `cannot listen on ${host}:${port}: ${why}`, { cause, hint });
  }
}

/** Where a server does listen. */
export function addressOf(server: Server): ListenAddress {
  const { address, port } = server.address() as AddressInfo;
  return { host: address, port };
}

const LISTEN_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something listens there already',
  EACCES: 'no permission: below port 1024 only root may',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host name',
};
