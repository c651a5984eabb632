import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import type { CertificateFiles } from '../../src/ca/certificate-view.js';
import type { Credential } from '../../src/credentials/credential.js';
import { credentialContext } from '../../src/credentials/credential-context.js';
import { openShelf } from '../../src/loop/item-shelf.js';
import { type RunningServer, startServer } from '../../src/server/listener.js';
import type { ServerEvent } from '../../src/server/server-event.js';
import type { ServerSettings } from '../../src/server/server-settings.js';
import { commonNameOnly } from '../../src/x509/name.js';
import { encodePem } from '../../src/x509/pem.js';

/** A PKI in a temporary folder and demo APIs on it. */
export interface ApiLab {
  readonly folder: string;
  readonly ca: CertificateAuthority;
  /** What all servers have logged. */
  readonly events: ServerEvent[];
  readonly start: (settings?: Partial<ServerSettings>) => Promise<RunningServer>;
  readonly issue: (name: string) => Promise<ClientFiles>;
  readonly mint: (credential: Credential, commonName?: string) => Promise<ClientFiles>;
  /** Revokes by another process, and waits until it has ended. */
  readonly revokeElsewhere: (name: string) => Promise<void>;
  readonly stopServers: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** Paths of PEM files. */
export interface ClientFiles {
  readonly cert: string;
  readonly key: string;
}

export async function apiLab(options: { noIntermediate?: boolean } = {}): Promise<ApiLab> {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-server-'));
  const { ca } = await CertificateAuthority.create({
    pki: join(folder, 'pki'),
    passphrase: null,
    ...options,
  });
  const server = await ca.issueServer({ commonName: 'localhost' });
  const shelf = await openShelf(ca.folder);
  const running = new Set<RunningServer>();
  const events: ServerEvent[] = [];
  let minted = 0;

  async function stopServers(): Promise<void> {
    await Promise.all([...running].map((one) => one.close()));
    running.clear();
  }

  return {
    folder,
    ca,
    events,
    start: async (settings = {}) => {
      const one = await startServer({
        ca,
        listen: { host: '127.0.0.1', port: 0 },
        server: { cert: server.fullchain, key: server.privateKey },
        clientAuth: 'require',
        items: shelf.items,
        onEvent: (event) => events.push(event),
        ...settings,
      });
      running.add(one);
      return one;
    },
    issue: async (name) => filesFor((await ca.issueClient({ commonName: name })).files),
    mint: async (credential, commonName = 'alice') => {
      const made = await credential.make(
        credentialContext(ca, new Date(), { subject: commonNameOnly(commonName) }),
      );
      minted += 1;
      const files = { cert: join(folder, `${minted}.pem`), key: join(folder, `${minted}.key`) };
      writeFileSync(files.cert, (made?.chain ?? []).map((der) => encodePem('CERTIFICATE', der)).join(''));
      writeFileSync(files.key, made?.privateKey ?? '');
      return files;
    },
    revokeElsewhere: (name) => revokeElsewhere(folder, name),
    stopServers,
    remove: async () => {
      await stopServers();
      await shelf.close();
      await ca.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A path to ask for; files have more slashes. */
const PATH = /^\/\w+(\?.*)?$/;

export interface CurlAnswer {
  readonly status: number;
  readonly body: string;
  readonly exitCode: number;
}

/** What a real curl is answered, by a client certificate or by none. */
export function curl(
  lab: Pick<ApiLab, 'ca'>,
  { address }: Pick<RunningServer, 'address'>,
  client: ClientFiles | null,
  ...options: readonly string[]
): Promise<CurlAnswer> {
  const shown = client === null ? [] : ['--cert', client.cert, '--key', client.key];
  const path = options.find((option) => PATH.test(option)) ?? '/whoami';
  const rest = options.filter((option) => !PATH.test(option));
  const url = `https://localhost:${address.port}${path}`;
  const args = ['-sS', '--max-time', '10', '--cacert', lab.ca.folder.at('ca.crt'), ...shown, ...rest];
  return new Promise((done) => {
    execFile('curl', [...args, '-w', '\n%{http_code}', url], (error, stdout) => {
      const cut = stdout.lastIndexOf('\n');
      const exitCode = error === null ? 0 : Number(error.code);
      done({ status: Number(stdout.slice(cut + 1)), body: stdout.slice(0, Math.max(cut, 0)), exitCode });
    });
  });
}

/** An open connection that requests can be sent on, one after the other. */
export interface OpenConnection {
  readonly socket: TLSSocket;
  /** Whether the handshake took up an earlier session. */
  readonly resumed: boolean;
  /** The status line and all that came after it; '' where the server has closed. */
  readonly ask: (request?: string) => Promise<string>;
  /** The last session that the server gave. */
  readonly session: () => Buffer | undefined;
  /** Kept once the connection is closed. */
  readonly closed: Promise<void>;
}

export async function open(
  lab: Pick<ApiLab, 'ca'>,
  { address }: Pick<RunningServer, 'address'>,
  client: ClientFiles | null,
  options: { version?: SecureVersion; session?: Buffer } = {},
): Promise<OpenConnection> {
  const socket = connect({
    host: '127.0.0.1',
    port: address.port,
    servername: 'localhost',
    ca: readFileSync(lab.ca.folder.at('ca.crt')),
    ...(client && { cert: readFileSync(client.cert), key: readFileSync(client.key) }),
    ...(options.version && { minVersion: options.version, maxVersion: options.version }),
    ...(options.session && { session: options.session }),
  });
  let session: Buffer | undefined;
  socket.on('session', (given: Buffer) => {
    session = given;
  });
  const closed = new Promise<void>((done) => socket.once('close', () => done())); // by a reset as well
  socket.on('error', () => undefined);
  await once(socket, 'secureConnect');
  const resumed = socket.isSessionReused();
  return {
    socket,
    resumed,
    closed,
    session: () => session,
    ask: (request = GET_WHOAMI) => ask(socket, request),
  };
}

export const GET_WHOAMI = 'GET /whoami HTTP/1.1\r\nHost: localhost\r\n\r\n';

function ask(socket: TLSSocket, request: string): Promise<string> {
  return new Promise((done) => {
    let heard = '';
    const finish = (): void => {
      socket.off('data', listen).off('close', finish);
      done(heard);
    };
    const listen = (chunk: Buffer): void => {
      heard += chunk.toString('utf8');
      if (heard.endsWith('}\n')) finish();
    };
    socket.on('data', listen).once('close', finish);
    if (socket.destroyed) finish();
    else socket.write(request);
  });
}

function filesFor({ fullchain, privkey }: CertificateFiles): ClientFiles {
  return { cert: fullchain, key: privkey ?? '' };
}

const REVOKE = `
import { CertificateAuthority } from './src/ca/certificate-authority.js';
const [pki, name] = process.argv.slice(2);
const ca = await CertificateAuthority.open({ pki });
await ca.revoke(await ca.find(name), { reason: 'keyCompromise' });
await ca.close();
`;

async function revokeElsewhere(folder: string, name: string): Promise<void> {
  const outfile = join(folder, 'revoke.mjs');
  await build({
    stdin: { contents: REVOKE, resolveDir: resolve('.'), loader: 'ts' },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['libsql'],
    logLevel: 'error',
  });
  if (!existsSync(join(folder, 'node_modules')))
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  await promisify(execFile)(process.execPath, [outfile, join(folder, 'pki'), name]);
}
