import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { readAccessFile } from '../server/access-file.js';
import type { ListenAddress } from '../server/listen.js';
import { type RunningServer, startServer } from '../server/listener.js';
import { type RunningPublicServer, startPublicServer } from '../server/public/public-server.js';
import type { ServerEvent } from '../server/server-event.js';
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
  /** Where CRLs and CA certificates are given to everybody; nowhere unless told. */
  readonly publicListen?: ListenAddress;
}

export interface ServedApi extends Pick<RunningServer, 'address' | 'close'> {
  /** Whether the server's certificate was made just now. */
  readonly issued: boolean;
  /** As `--key-type` names it. */
  readonly keyType: string;
  readonly publicAddress: ListenAddress | null;
  /** Reads all files again at once, whether they have changed or not. */
  reload(): Promise<void>;
}

/** Starts the demo API with the server certificate of that NAME; `localhost` is issued where it is not there. What it was read
 *  from is followed: a renewed certificate, other access rules, another CA are in force within a second.
 *  @throws SslapiError ERR_LISTEN, ERR_KEY_UNREADABLE, ERR_CERTIFICATE_UNKNOWN, ERR_ACCESS_INVALID, and what issuing throws */
export async function serveApi({
  ca,
  serverName,
  accessFile,
  publicListen,
  ...settings
}: ServeWish): Promise<ServedApi> {
  const access = accessFile === undefined ? {} : { access: readAccessFile(accessFile) };
  const found = await findServed(ca, serverName);
  if (found === null && serverName !== DEFAULT_SERVER) throw await noServed(ca, serverName);
  if (found === null) await ca.issueServer({ commonName: DEFAULT_SERVER, subjectAltName: LOCAL_NAMES });
  const server = found ?? (await findServed(ca, serverName));
  if (server === null) throw await noServed(ca, serverName);
  const shelf = await openShelf(ca.folder);
  const starting = { ...settings, ...access, ca, server, items: shelf.items };
  const [running, files] = await startBoth(starting, publicListen).catch(async (error: unknown) => {
    await shelf.close();
    throw error;
  });
  const onEvent = (event: ServerEvent): void => running.tell(event);
  const following = followFiles(running, { ca, shelf, serverName, server, accessFile, onEvent });
  return {
    address: running.address,
    issued: found === null,
    keyType: server.keyType,
    publicAddress: files?.address ?? null,
    reload: () => following.look(),
    close: async () => {
      await Promise.all([running.close(), files?.close()]);
      await following.stop();
    },
  };
}

/** The API, and the second port where one is told: both of them or none. */
async function startBoth(
  settings: ServerSettings & Pick<ServeWish, 'ca'>,
  listen: ListenAddress | undefined,
): Promise<readonly [RunningServer, RunningPublicServer?]> {
  const running = await startServer(settings);
  if (listen === undefined) return [running];
  const { limits = {} } = settings;
  const onEvent = (event: ServerEvent): void => running.tell(event);
  try {
    const pki = settings.ca.folder.path;
    return [running, await startPublicServer({ pki, listen, limits, onEvent })];
  } catch (error) {
    await running.close();
    throw error;
  }
}
