import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { readAccessFile } from '../server/access-file.js';
import { type RunningServer, startServer } from '../server/listener.js';
import type { ServerSettings } from '../server/server-settings.js';
import { followFiles } from './follow-files.js';
import { openShelf } from './item-shelf.js';
import { DEFAULT_SERVER, findServed, LOCAL_NAMES, noServed } from './served-certificate.js';

export interface ServeWish extends Omit<ServerSettings, 'ca' | 'server' | 'access' | 'items'> {
  readonly ca: CertificateAuthority;
  /** NAME of the server's certificate. */
  readonly serverName: string;
  /** The file of the access rules. */
  readonly accessFile?: string;
}

export interface ServedApi extends Pick<RunningServer, 'address' | 'close'> {
  /** Whether the server's certificate was made just now. */
  readonly issued: boolean;
  /** As `--key-type` names it. */
  readonly keyType: string;
  /** Reads all files again at once, whether they have changed or not. */
  reload(): Promise<void>;
}

/** Starts the demo API with the server certificate of that NAME; `localhost` is issued where it is not there. What it was read
 *  from is followed: a renewed certificate, other access rules, another CA are in force within a second.
 *  @throws SslapiError ERR_LISTEN, ERR_KEY_UNREADABLE, ERR_CERTIFICATE_UNKNOWN, ERR_ACCESS_INVALID, and what issuing throws */
export async function serveApi({ ca, serverName, accessFile, ...settings }: ServeWish): Promise<ServedApi> {
  const access = accessFile === undefined ? {} : { access: readAccessFile(accessFile) };
  const found = await findServed(ca, serverName);
  if (found === null && serverName !== DEFAULT_SERVER) throw noServed(serverName);
  if (found === null) await ca.issueServer({ commonName: DEFAULT_SERVER, subjectAltName: LOCAL_NAMES });
  const server = found ?? (await findServed(ca, serverName));
  if (server === null) throw noServed(serverName);
  const shelf = await openShelf(ca.folder);
  const running = await startServer({ ...settings, ...access, ca, server, items: shelf.items }).catch(
    async (error: unknown) => {
      await shelf.close();
      throw error;
    },
  );
  const { onEvent = () => undefined } = settings;
  const following = followFiles(running, { ca, shelf, serverName, server, accessFile, onEvent });
  return {
    address: running.address,
    issued: found === null,
    keyType: server.keyType,
    reload: () => following.look(),
    close: async () => {
      await running.close();
      await following.stop();
    },
  };
}
