import { existsSync, readFileSync } from 'node:fs';
import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { certificateName } from '../ca/certificate-name.js';
import { certificateStatus } from '../ca/certificate-view.js';
import { SslapiError } from '../errors.js';
import { type RunningServer, startServer } from '../server/listener.js';
import type { ServerSettings } from '../server/server-settings.js';
import { type GeneralName, parseGeneralName } from '../x509/general-name.js';

/** The server certificate that is used unless another is named. */
export const DEFAULT_SERVER = 'localhost';

export interface ServeWish extends Omit<ServerSettings, 'ca' | 'server'> {
  readonly ca: CertificateAuthority;
  /** NAME of the server's certificate. */
  readonly serverName: string;
}

export interface ServedApi extends RunningServer {
  /** Whether the server's certificate was made just now. */
  readonly issued: boolean;
  /** As `--key-type` names it. */
  readonly keyType: string;
}

/** Starts the demo API with the server certificate of that NAME; `localhost` is issued where it is not there.
 *  @throws SslapiError ERR_LISTEN, ERR_KEY_UNREADABLE, ERR_CERTIFICATE_UNKNOWN, and what issuing throws */
export async function serveApi({ ca, serverName, ...settings }: ServeWish): Promise<ServedApi> {
  const found = await findServer(ca, serverName);
  if (found === null && serverName !== DEFAULT_SERVER) throw noServer(serverName);
  const server = found ?? (await issueServer(ca));
  const running = await startServer({ ...settings, ca, server });
  return {
    address: running.address,
    close: () => running.close(),
    issued: found === null,
    keyType: server.keyType,
  };
}

interface ServerPair {
  readonly cert: string;
  readonly key: string;
  readonly keyType: string;
}

async function findServer(ca: CertificateAuthority, name: string): Promise<ServerPair | null> {
  const kept = certificateName(name);
  const views = await ca.list({ status: 'valid' });
  const serials = views
    .filter((view) => view.name === kept && SERVES.has(view.profile))
    .map((view) => view.serialNumber);
  const newest = serials.at(-1);
  if (newest === undefined) return null;
  const [record] = await ca.find(`serial:${newest}`);
  if (record === undefined || certificateStatus(record, new Date()) !== 'valid') return null;
  const { fullchain, privkey } = ca.filesOf(record);
  return { cert: readPem(fullchain), key: readPem(privkey ?? fullchain), keyType: record.keyType };
}

/** A mistyped name shall not become a certificate: only the default one is issued on the spot. */
function noServer(name: string): SslapiError {
  return new SslapiError('ERR_CERTIFICATE_UNKNOWN', `no live server certificate has the NAME "${name}"`, {
    hint: `Issue it with \`sslapi issue-server ${name}\`, or see those that are there with \`sslapi list --profile server\`.`,
  });
}

async function issueServer(ca: CertificateAuthority): Promise<ServerPair> {
  const { fullchain, privateKey, certificate } = await ca.issueServer({
    commonName: DEFAULT_SERVER,
    subjectAltName: LOCAL_NAMES,
  });
  return { cert: fullchain, key: privateKey, keyType: certificate.keyType };
}

function readPem(path: string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  throw new SslapiError('ERR_KEY_UNREADABLE', `${path} is missing`, {
    hint: 'Put the file back, or name another server certificate with --server NAME.',
  });
}

const SERVES: ReadonlySet<string> = new Set(['server', 'peer']);
/** Every name by which a machine calls itself. */
export const LOCAL_NAMES: readonly GeneralName[] = ['localhost', '127.0.0.1', '::1'].map(parseGeneralName);
