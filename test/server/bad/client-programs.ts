import { type ExecFileException, execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where a client shall go, and what by. */
export interface Calls {
  /** A folder for what it needs. */
  readonly folder: string;
  /** Paths: of the root, of all CAs, of the CRLs of all CAs. */
  readonly ca: string;
  readonly caChain: string;
  readonly crl: string;
  /** Port of each kind; where `crl:` stands before its name the client checks the CRL. */
  readonly ports: ReadonlyMap<string, number>;
}

/** What a client itself says it made of a server. */
export interface ClientSaid {
  readonly name: string;
  /** Whether it read an answer of HTTP. */
  readonly accepted: boolean;
  readonly why: string;
}

export interface ClientProgram {
  readonly client: string;
  /** What has to be installed. */
  readonly program: string;
  /** A command that tells its version, and where in what it says. */
  readonly version: readonly [program: string, args: readonly string[], pattern: RegExp];
  /** Whether it can be given a CRL. */
  readonly checksCrls: boolean;
  /** One process for all calls, or, where a program makes one call alone, one for each. */
  readonly call: (calls: Calls) => Promise<ClientSaid[]>;
}

const at = (file: string): string => new URL(`clients/${file}`, import.meta.url).pathname;
const PYTHON = '/usr/bin/python3';
const GO = { GOFLAGS: '-mod=mod', GOPROXY: 'off', GO111MODULE: 'off' };

/** The clients of the table, in its order. */
export const CLIENT_PROGRAMS: readonly ClientProgram[] = [
  {
    client: 'curl',
    program: 'curl',
    version: ['curl', ['--version'], /^curl (\S+)/],
    checksCrls: true,
    call: callByCurl,
  },
  {
    client: 'openssl s_client',
    program: 'openssl',
    version: ['openssl', ['version'], /^OpenSSL (\S+)/],
    checksCrls: true,
    call: callByOpenssl,
  },
  {
    client: 'gnutls-cli',
    program: 'gnutls-cli',
    version: ['gnutls-cli', ['--version'], /gnutls-cli (\S+)/],
    checksCrls: true,
    call: callByGnutls,
  },
  {
    client: 'Python',
    program: PYTHON,
    version: [PYTHON, ['--version'], /Python (\S+)/],
    checksCrls: true,
    call: (calls) => linesOf(PYTHON, [at('client.py'), ...wordsOf(calls)]),
  },
  {
    client: 'Node fetch',
    program: process.execPath,
    version: [process.execPath, ['--version'], /v(\S+)/],
    checksCrls: false,
    call: (calls) =>
      linesOf(process.execPath, [at('client.mjs'), 'fetch', ...wordsOf(calls)], {
        NODE_EXTRA_CA_CERTS: calls.ca,
      }),
  },
  {
    client: 'Node https',
    program: process.execPath,
    version: [process.execPath, ['--version'], /v(\S+)/],
    checksCrls: true,
    call: (calls) => linesOf(process.execPath, [at('client.mjs'), 'https', ...wordsOf(calls)]),
  },
  {
    client: 'Go net/http',
    program: 'go',
    version: ['go', ['version'], /go(\d\S*)/],
    checksCrls: false,
    call: (calls) => linesOf('go', ['run', at('client.go'), ...wordsOf(calls)], GO),
  },
  {
    client: 'Java HttpClient',
    program: 'java',
    version: ['java', ['--version'], /openjdk (\S+)/],
    checksCrls: true,
    call: (calls) => linesOf('java', [at('Client.java'), ...wordsOf(calls)]),
  },
];

/** The version that a client says it is. */
export async function versionOf({ version: [program, args, pattern] }: ClientProgram): Promise<string> {
  const { stdout } = await run(program, args);
  return pattern.exec(stdout)?.[1] ?? '';
}

function wordsOf({ ca, crl, ports }: Calls): string[] {
  return [ca, crl, ...[...ports].map(([name, port]) => `${name}=${urlOf(port)}`)];
}

function isChecked(name: string): boolean {
  return name.startsWith('crl:');
}

function urlOf(port: number): string {
  return `https://localhost:${port}/`;
}

async function linesOf(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<ClientSaid[]> {
  const { stdout, stderr } = await run(program, args, env);
  const lines = stdout.split('\n').filter((line) => line.startsWith('{'));
  if (lines.length === 0) throw new Error(`${program} said nothing: ${stderr}`);
  return lines.map((line) => JSON.parse(line) as ClientSaid);
}

/** All transfers in one process; a transfer that got an answer has no exit code. */
async function callByCurl({ ca, crl, ports }: Calls): Promise<ClientSaid[]> {
  const format = '%{http_code} %{exitcode} %{errormsg}\\n';
  const one = ([name, port]: readonly [string, number]) => [
    `url = "${urlOf(port)}"`,
    `cacert = "${ca}"`,
    ...(isChecked(name) ? [`crlfile = "${crl}"`] : []),
    'ipv4',
    'silent',
    'max-time = 10',
    'output = "/dev/null"',
    `write-out = "${format}"`,
  ];
  const config = [...ports].map((call) => one(call).join('\n')).join('\nnext\n');
  const { stdout } = await run('curl', ['--config', '-'], {}, config);
  const lines = stdout.trimEnd().split('\n');
  return [...ports.keys()].map((name, index) => {
    const [, status, code, why] = /^(\d+) (\d+) (.*)$/.exec(lines[index] ?? '') ?? [];
    return { name, accepted: code === '0', why: code === '0' ? status! : (why ?? 'nothing') };
  });
}

/** CRLs are read from the file of CAs. */
async function callByOpenssl({ folder, ca, crl, ports }: Calls): Promise<ClientSaid[]> {
  const both = join(folder, 'ca-and-crl.pem');
  writeFileSync(both, Buffer.concat([ca, crl].map((file) => readFileSync(file))));
  return eachCall(ports, async (name, port) => {
    const { stdout, stderr } = await run(
      'openssl',
      [
        ...['s_client', '-connect', `127.0.0.1:${port}`, '-servername', 'localhost'],
        ...['-verify_hostname', 'localhost', '-verify_return_error', '-ign_eof'],
        ...(isChecked(name) ? ['-CAfile', both, '-crl_check_all'] : ['-CAfile', ca]),
      ],
      {},
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    const why = /verify error:\S+?:(.*)|:([^:\n]+):[^:\n]+:\d+:/.exec(stderr);
    return { name, accepted: /^HTTP\/1\.1 \d/m.test(stdout), why: why?.[1] ?? why?.[2] ?? 'accepted' };
  });
}

/** A CRL is taken of a CA that is trusted by itself. */
function callByGnutls({ ca, caChain, crl, ports }: Calls): Promise<ClientSaid[]> {
  return eachCall(ports, async (name, port) => {
    const { stdout, stderr } = await run(
      'gnutls-cli',
      [
        ...(isChecked(name) ? ['--x509cafile', caChain, '--x509crlfile', crl] : ['--x509cafile', ca]),
        ...['--port', String(port), '--sni-hostname=localhost', '--verify-hostname=localhost', '127.0.0.1'],
      ],
      {},
      'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    );
    const why = /- Status: The certificate is NOT trusted\. (.*)|\*\*\* (Fatal error: .*)/.exec(
      stdout + stderr,
    );
    return { name, accepted: /^HTTP\/1\.1 \d/m.test(stdout), why: why?.[1] ?? why?.[2] ?? 'accepted' };
  });
}

/** Four at a time. */
async function eachCall(
  ports: Calls['ports'],
  call: (name: string, port: number) => Promise<ClientSaid>,
): Promise<ClientSaid[]> {
  const waiting = [...ports];
  const said: ClientSaid[] = [];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      said.push(await call(...next));
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  return said;
}

interface Ran {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, whatever its exit code says. */
function run(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input = '',
): Promise<Ran> {
  const options = { env: { ...process.env, ...env }, timeout: 120_000, maxBuffer: 2 ** 24 };
  return new Promise((resolve, reject) => {
    const child = execFile(program, args, options, (error: ExecFileException | null, stdout, stderr) => {
      if (error !== null && (error.killed || typeof error.code === 'string')) reject(error);
      else resolve({ stdout, stderr });
    });
    child.stdin?.on('error', () => {}).end(input);
  });
}
