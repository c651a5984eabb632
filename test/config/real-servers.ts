import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { apache } from '../../src/config/apache.js';
import { caddy } from '../../src/config/caddy.js';
import type { ConfigRequest } from '../../src/config/config-request.js';
import type { ConfigTarget } from '../../src/config/config-target.js';
import { BY_GO } from '../../src/config/findings-by-go.js';
import { haproxy } from '../../src/config/haproxy.js';
import { nginx } from '../../src/config/nginx.js';
import { renderConfig } from '../../src/config/render.js';
import { findTarget } from '../../src/config/targets.js';
import { freePort } from '../free-port.js';
import type { OpensslPki } from './openssl-pki.js';
import { type Answer, curl, type RunningServer, type ServerProgram, startServer } from './running-server.js';

/** A real server that a configuration of ours runs in, and how it says no to a client. */
export interface RealServer extends ServerProgram {
  /** nginx answers 400; the others end the handshake with a TLS alert, which curl reports. */
  readonly refuses: (answer: Answer) => boolean;
  /** What its log says of a certificate that has run out. */
  readonly saysExpired: RegExp;
  /** The CAs that it names to clients; by default both. */
  readonly namesCas?: readonly string[];
  /** Findings of a scan that no configuration of it can change. */
  readonly ownFindings?: readonly string[];
  /** What a server of a distribution has around the file in its include folder, with a cache of sessions. */
  readonly surroundings: (site: string, folder: string, port: number) => string;
}

/** In TLS 1.3 the alert comes after curl has sent its request: it may see no more of it than a connection that is gone. */
const byAlert = ({ status, error }: Answer) =>
  status === 0 && /alert|not connected|reset by peer/i.test(error);

export const REAL_SERVERS: readonly RealServer[] = [
  {
    ...programOf(nginx),
    refuses: ({ status, body }) => status === 400 && /SSL certificate/.test(body),
    saysExpired: /certificate has expired/,
    surroundings: (site, folder) => `pid ${quoted(folder, 'nginx.pid')};
error_log stderr info;
events {}
http {
    access_log off;
    ssl_session_cache shared:SSL:10m;
    ssl_session_tickets on;
    ${site}
}`,
  },
  {
    ...programOf(apache),
    logFile: (folder, port) => join(folder, `sslapi-apache-${port}-error.log`),
    refuses: byAlert,
    saysExpired: /certificate has expired/,
    surroundings: (site, folder, port) => `${APACHE_MODULES.map(loadModule).join('\n')}
Listen 127.0.0.1:${port}
User www-data
Group www-data
ServerName localhost
ErrorLog ${quoted(folder, `sslapi-apache-${port}-error.log`)}
DefaultRuntimeDir ${quoted(folder)}
PidFile ${quoted(folder, 'apache.pid')}
SSLSessionCache shmcb:/tmp/sslapi-test-${port}.sessions(512000)
${site}`,
  },
  {
    ...programOf(haproxy),
    refuses: byAlert,
    saysExpired: /certificate error 10/,
    surroundings: (site) => `global\n  log stderr format raw local0\ndefaults\n  log global\n${site}`,
  },
  {
    ...programOf(caddy),
    reload: () => {
      throw new Error('it has no CRLs to read again');
    },
    refuses: byAlert,
    saysExpired: /certificate has expired/,
    ownFindings: [...BY_GO, 'signs-with-no-sha-1', 'tickets-live-at-most-a-day'], // for who offers nothing else; not since Go 1.25
    namesCas: ['CN = Test Issuing CA'],
    surroundings: (site, folder) => `{
  admin off
  storage file_system \`${join(folder, 'caddy')}\`
  debug
}
${site}`,
  },
];

/** Those of them that refuse who was revoked. */
export const CRL_SERVERS = REAL_SERVERS.filter(({ target }) => findTarget(target).checksRevocation);

/** How `sslapi prove` runs it. */
export function programOf({ name, run }: ConfigTarget): ServerProgram {
  const { programs, args, reloadSignal } = run!;
  return {
    target: name,
    program: programs[0]!,
    args,
    reload: (server) => server.kill(reloadSignal!),
  };
}

/** nginx and Apache read a path in double quotes as JSON writes it. */
function quoted(...parts: [string, ...string[]]): string {
  return JSON.stringify(join(...parts));
}

function loadModule(name: string): string {
  return `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`;
}

const APACHE_MODULES = [
  'mpm_event',
  'authn_core',
  'authz_core',
  'alias',
  'setenvif',
  'headers',
  'reqtimeout',
  'socache_shmcb',
  'ssl',
  'proxy',
  'proxy_http',
];

/** Starts a server on what `renderConfig` gives for it; in the surroundings of a distribution where not standalone.
 *  @param change what is done to the configuration before it is used, to show that a test sees it */
export async function start(
  real: RealServer,
  pki: OpensslPki,
  wishes: Partial<ConfigRequest>,
  change: (configuration: string) => string = (configuration) => configuration,
): Promise<RunningServer> {
  const port = await freePort();
  const configuration = renderConfig({
    target: real.target,
    level: 'intermediate',
    clientAuth: 'require',
    serverName: 'localhost',
    listen: { host: '127.0.0.1', port },
    files: pki.files,
    standalone: true,
    runtimeFolder: pki.folder,
    ...wishes,
  });
  const whole =
    wishes.standalone === false ? real.surroundings(configuration, pki.folder, port) : configuration;
  return startServer(real, change(whole), join(pki.folder, `${real.target}.conf`), port);
}

/** Reloads a server and waits until it refuses a client, and still does when its old processes have gone too.
 *  @returns whether it did, within ten seconds */
export async function reloadUntilRefused(
  real: RealServer,
  server: RunningServer,
  pki: OpensslPki,
  client: 'alice' | 'bob',
): Promise<boolean> {
  server.reload();
  let inARow = 0;
  for (let tries = 0; tries < 50 && inARow < 4; tries += 1) {
    inARow = real.refuses(await curl(pki, server.port, client)) ? inARow + 1 : 0;
    await sleep(200);
  }
  return inARow === 4;
}
