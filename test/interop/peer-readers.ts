import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { freePort } from '../free-port.js';
import { ARTEFACTS, type Artefact, type Cell } from './peer-table.js';
import type { Ran, Workplace } from './sslapi.js';

/** A program that reads what sslapi makes. */
export interface PeerReader {
  readonly peer: string;
  /** What has to be on this machine. */
  readonly program: string;
  /** The words to ask for the version by, and where it stands in the answer. */
  readonly version: readonly [program: string, args: readonly string[], pattern: RegExp];
  /** What it has a reader for. */
  readonly artefacts: readonly Artefact[];
  read(place: Workplace, made: Made): Promise<ReadonlyMap<Artefact, Cell>>;
}

/** Where the artefacts of one kind of key lie, relative to the workplace; beside them issuer.pem,
 *  the same in DER, and the password. */
export interface Made {
  readonly paths: Readonly<Record<Artefact, string>>;
  readonly password: string;
}

export const PEER_READERS: readonly PeerReader[] = [
  opensslReader('OpenSSL', []),
  opensslReader('OpenSSL with its legacy provider', ['-provider', 'legacy', '-provider', 'default']),
  {
    peer: 'GnuTLS',
    program: 'certtool',
    version: ['certtool', ['--version'], /certtool (\S+)/],
    artefacts: ARTEFACTS,
    read: (place, { paths, password }) =>
      eachOf(ARTEFACTS, async (artefact) => {
        const from = ['--infile', paths[artefact]];
        const words: Record<Artefact, readonly string[]> = {
          certificate: ['--verify', '--load-ca-certificate', 'issuer.pem', ...from],
          CRL: ['--verify-crl', '--load-ca-certificate', 'issuer.der', '--inder', ...from],
          key: ['--key-info', ...from],
          'encrypted key': ['--key-info', '--password', password, ...from],
          p12: ['--p12-info', '--inder', '--password', password, ...from],
          'p12-legacy': ['--p12-info', '--inder', '--password', password, ...from],
        };
        const ran = await place.program('certtool', words[artefact]);
        const isKey = artefact === 'key' || artefact === 'encrypted key' || artefact.startsWith('p12');
        return isGood(ran) && (!isKey || /PRIVATE KEY|Public Key I[Dd]|Public Key PIN/i.test(ran.stdout));
      }),
  },
  {
    peer: 'NSS (Firefox, Chromium)',
    program: 'certutil',
    version: ['dpkg-query', ['--show', 'libnss3'], /\s(?:\d+:)?([\d.]+)/],
    artefacts: ['certificate', 'CRL', 'p12', 'p12-legacy'],
    read: readByNss,
  },
  {
    peer: 'Chromium',
    program: 'chromium',
    version: ['chromium', ['--version'], /Chromium (\S+)/],
    artefacts: ['certificate'],
    read: readByChromium,
  },
  programReader('Java', 'java', ['java', ['--version'], /openjdk (\S+)/], ARTEFACTS, 'Read.java'),
  programReader(
    "Python's cryptography",
    'python3',
    ['/usr/bin/python3', ['-c', 'import cryptography; print(cryptography.__version__)'], /(\S+)/],
    ARTEFACTS,
    'read.py',
  ),
  programReader('Go', 'go', ['go', ['version'], /go(\d\S*)/], ['certificate', 'CRL', 'key'], 'read.go'),
];

function opensslReader(peer: string, provider: readonly string[]): PeerReader {
  return {
    peer,
    program: 'openssl',
    version: ['openssl', ['version'], /OpenSSL (\S+)/],
    artefacts: ARTEFACTS,
    read: (place, { paths, password }) =>
      eachOf(ARTEFACTS, async (artefact) => {
        const from = ['-in', paths[artefact]];
        const pass = ['-passin', `pass:${password}`];
        const words: Record<Artefact, readonly string[]> = {
          certificate: ['verify', '-CAfile', 'pki/ca.crt', '-untrusted', 'issuer.pem', paths.certificate],
          CRL: ['crl', '-inform', 'DER', '-noout', '-CAfile', 'pki/ca-chain.crt', ...from],
          key: ['pkey', '-text', ...from],
          'encrypted key': ['pkey', '-text', ...pass, ...from],
          p12: ['pkcs12', '-nodes', ...pass, ...from],
          'p12-legacy': ['pkcs12', '-nodes', ...pass, ...from],
        };
        const [command = '', ...rest] = words[artefact];
        const ran = await place.program('openssl', [command, ...provider, ...rest]);
        const said = artefact === 'CRL' ? /verify OK/ : artefact === 'certificate' ? /: OK/ : /PRIVATE KEY/;
        return isGood(ran) && said.test(ran.stdout + ran.stderr);
      }),
  };
}

/** Into a store of its own: NSS checks a signature as it takes a CRL, and a purpose as it verifies a certificate. */
async function readByNss(place: Workplace, { paths, password }: Made): Promise<ReadonlyMap<Artefact, Cell>> {
  const fresh = async (): Promise<string> => {
    const store = `sql:${basename(mkdtempSync(place.at('nss-')))}`;
    await place.program('certutil', ['-N', '-d', store, '--empty-password']);
    await place.program('certutil', ['-A', '-d', store, '-n', 'root', '-t', 'CT,,', '-i', 'pki/ca.crt']);
    await place.program('certutil', ['-A', '-d', store, '-n', 'issuing', '-t', ',,', '-i', 'issuer.pem']);
    return store;
  };
  const all: readonly Artefact[] = ['certificate', 'CRL', 'p12', 'p12-legacy'];
  return eachOf(all, async (artefact) => {
    const store = await fresh();
    const path = paths[artefact];
    if (artefact === 'certificate') {
      const added = await place.program('certutil', [
        '-A',
        '-d',
        store,
        '-n',
        'alice',
        '-t',
        ',,',
        '-i',
        path,
      ]);
      return (
        isGood(added) &&
        isGood(await place.program('certutil', ['-V', '-d', store, '-n', 'alice', '-u', 'V']))
      );
    }
    if (artefact === 'CRL') {
      await place.program('crlutil', ['-I', '-d', store, '-i', path]);
      const { stdout } = await place.program('crlutil', ['-L', '-d', store]);
      return /issuing/.test(stdout);
    }
    const given = ['-i', path, '-d', store, '-W', password, '-K', ''];
    const { stdout } = isGood(await place.program('pk12util', given))
      ? await place.program('certutil', ['-K', '-d', store])
      : { stdout: '' };
    return /^< 0>/m.test(stdout);
  });
}

/** A server shows it the certificate; the root lies in the store of NSS that Chromium looks into beside its own. */
async function readByChromium(place: Workplace, { paths }: Made): Promise<ReadonlyMap<Artefact, Cell>> {
  const home = place.at('chromium');
  const store = 'sql:chromium/.pki/nssdb';
  mkdirSync(place.at('chromium/.pki/nssdb'), { recursive: true });
  await place.program('certutil', ['-N', '-d', store, '--empty-password']);
  await place.program('certutil', ['-A', '-d', store, '-n', 'root', '-t', 'C,,', '-i', 'pki/ca.crt']);
  const port = await freePort();
  const shown = ['-cert', paths.certificate, '-cert_chain', 'issuer.pem', '-key', paths.key];
  const server = spawn('openssl', ['s_server', '-accept', `127.0.0.1:${port}`, '-www', ...shown], {
    cwd: place.path,
    stdio: 'ignore',
  });
  try {
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];
    const page = ['--timeout=20000', '--dump-dom', `https://127.0.0.1:${port}/`];
    const { stdout } = await place.program('chromium', [...flags, `--user-data-dir=${home}/data`, ...page], {
      HOME: home,
    });
    return new Map([['certificate', /Ciphers supported/.test(stdout) ? 'reads' : 'refuses']]);
  } finally {
    if (server.exitCode === null && server.kill()) await once(server, 'exit');
  }
}

/** A program of ours in its language, which reads everything and prints KIND=reads or KIND=refuses. */
function programReader(
  peer: string,
  program: string,
  version: PeerReader['version'],
  artefacts: readonly Artefact[],
  file: string,
): PeerReader {
  return {
    peer,
    program,
    version,
    artefacts,
    read: async (place, { paths }) => {
      copyFileSync(resolve('test/interop/peer-programs', file), place.at(file));
      const asked = artefacts.map((artefact) => `${artefact}=${paths[artefact]}`);
      const run: Record<string, readonly [string, readonly string[]]> = {
        java: ['java', [file]],
        python3: ['/usr/bin/python3', [file]],
        go: ['go', ['run', file]],
      };
      const [command, words] = run[program]!;
      const { stdout, stderr, exitCode } = await place.program(command, [...words, ...asked]);
      if (exitCode !== 0) throw new Error(`${file} ended with ${exitCode}: ${stderr}`);
      return new Map(
        stdout
          .trim()
          .split('\n')
          .map((line) => line.split('=') as [Artefact, Cell]),
      );
    },
  };
}

async function eachOf(
  artefacts: readonly Artefact[],
  reads: (artefact: Artefact) => Promise<boolean>,
): Promise<ReadonlyMap<Artefact, Cell>> {
  const cells = new Map<Artefact, Cell>();
  for (const artefact of artefacts) cells.set(artefact, (await reads(artefact)) ? 'reads' : 'refuses');
  return cells;
}

function isGood({ exitCode }: Ran): boolean {
  return exitCode === 0;
}
