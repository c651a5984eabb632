import { serveApi } from '../loop/serve-api.js';
import { limitedLog } from '../server/log-limit.js';
import { serverEventJson, serverEventLine } from '../server/server-event.js';
import type { ClientAuthMode, RateLimit } from '../server/server-settings.js';
import type { Output } from '../ui/output.js';
import type { CommandRun, CommonFlags } from './command-context.js';
import type { HostAndPort } from './parse-listen.js';
import { httpsUrl, suggestCalls } from './suggest-call.js';
import { version } from './version.js';

/** Flags of `serve`. */
export interface ServeFlags extends CommonFlags {
  readonly listen: HostAndPort;
  readonly server: string;
  readonly clientAuth: ClientAuthMode;
  readonly rateLimit: RateLimit | 'off';
  readonly bad?: string;
  readonly access?: string;
  readonly publicListen?: HostAndPort;
}

/** `serve`: says where it listens and how it is called, logs what happens, and ends when it is interrupted. */
export async function serve(run: CommandRun, flags: ServeFlags): Promise<void> {
  const { output, openCa, onInterrupt, onReload } = run;
  const { listen, clientAuth, rateLimit, server: serverName, access: accessFile, publicListen } = flags;
  const { log, end } = limitedLog((event) =>
    flags.json ? output.jsonLine(serverEventJson(event)) : output.say(serverEventLine(event)),
  );
  const ca = await openCa();
  const api = await serveApi({
    ca,
    listen,
    serverName,
    clientAuth,
    rateLimit,
    version: version(),
    onEvent: log,
    ...(accessFile !== undefined && { accessFile }),
    ...(publicListen && { publicListen }),
  });
  const stopped = new Promise<void>((resolve) => onInterrupt(resolve));
  onReload(() => void api.reload());
  const url = httpsUrl(serverName, api.address);
  if (api.issued) output.say(`issued the server certificate "${serverName}"`);
  if (api.keyType === 'ed25519') output.warn('browsers and NSS refuse Ed25519 certificates');
  if (flags.json) output.jsonLine({ schemaVersion: 1, kind: 'listening', url, ...api.address, clientAuth });
  if (api.publicAddress !== null) tellPublic(api.publicAddress, output, flags);
  output.say(`serving ${url}, client certificates: ${clientAuth}; Ctrl-C ends it`);
  for (const line of await suggestCalls(ca, url)) output.say(line);
  await stopped;
  await api.close();
  end();
}

function tellPublic(address: HostAndPort, output: Output, { json }: CommonFlags): void {
  const host = address.host.includes(':') ? `[${address.host}]` : address.host;
  const url = `http://${host}:${address.port}`;
  if (json) output.jsonLine({ schemaVersion: 1, kind: 'listening-public', url, ...address });
  output.say(`public: ${url}, CRLs and CA certificates for everybody`);
}
