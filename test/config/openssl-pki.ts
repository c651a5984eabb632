import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ConfigFiles } from '../../src/config/config-request.js';

/** A PKI made by OpenSSL alone, in a folder whose name is as awkward as can be: a root, an issuing CA, their CRLs, a
 *  server and clients. */
export interface OpensslPki {
  readonly folder: string;
  readonly files: ConfigFiles;
  /** Revokes a client and writes the CRLs anew. */
  readonly revoke: (client: Client) => void;
  /** Another certificate of the server, with another key: paths of both. */
  readonly renewed: () => Pick<ConfigFiles, 'fullchain' | 'privkey'>;
  /** Writes CRLs that ran out a second after they were made. */
  readonly expireCrls: () => void;
  readonly remove: () => void;
}

/** Clients by what is special about them; each has `NAME.crt` and `NAME.key` in the folder. */
export type Client = 'alice' | 'bob' | 'expired' | 'self-signed';

/** @param name of the folder, inside a temporary one */
export function makeOpensslPki(name: string): OpensslPki {
  const parent = mkdtempSync(join(tmpdir(), 'sslapi-config-'));
  const folder = join(parent, name);
  mkdirSync(folder);
  const openssl = (...args: readonly string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const writeCrls = (...life: readonly string[]) => {
    for (const ca of ['issuing', 'root']) {
      openssl('ca', '-config', 'openssl.cnf', '-name', `${ca}_ca`, '-gencrl', '-out', `${ca}.crl`, ...life);
    }
    concatenate(folder, 'crl-chain.pem', ['issuing.crl', 'root.crl']);
  };
  if (made === undefined) {
    fill(folder, openssl);
    writeCrls('-crldays', '30');
    made = filesIn(folder);
  } else {
    for (const [path, content] of made) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content, { mode: path.endsWith('.key') ? 0o600 : 0o644 });
    }
  }

  return {
    folder,
    files: {
      fullchain: join(folder, 'fullchain.pem'),
      privkey: join(folder, 'server.key'),
      caChain: join(folder, 'ca-chain.crt'),
      crlChain: join(folder, 'crl-chain.pem'),
    },
    revoke: (client) => {
      openssl('ca', '-config', 'openssl.cnf', '-name', 'issuing_ca', '-revoke', `${client}.crt`);
      writeCrls('-crldays', '30');
    },
    renewed: () => {
      issue('renewed', 'localhost', 'server', openssl);
      concatenate(folder, 'renewed.pem', ['renewed.crt', 'issuing.crt']);
      return { fullchain: join(folder, 'renewed.pem'), privkey: join(folder, 'renewed.key') };
    },
    expireCrls: () => writeCrls('-crlsec', '1'),
    remove: () => rmSync(parent, { recursive: true, force: true }),
  };
}

/** What is in the folder of a new one, once one has been made in this process: the same for all, and soon there. */
let made: ReadonlyMap<string, Buffer> | undefined;

function filesIn(folder: string): ReadonlyMap<string, Buffer> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return new Map(
    paths
      .filter((path) => statSync(join(folder, path)).isFile())
      .map((path) => [path, readFileSync(join(folder, path))]),
  );
}

function fill(folder: string, openssl: Openssl): void {
  writeFileSync(join(folder, 'openssl.cnf'), OPENSSL_CNF);
  makeCas(folder, openssl);
  issue('server', 'localhost', 'server', openssl);
  issue('alice', 'alice', 'client', openssl);
  issue('bob', 'bob', 'client', openssl);
  const past = ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'];
  issue('expired', 'alice', 'client', openssl, past);
  selfSigned('self-signed', 'alice', openssl);
  concatenate(folder, 'fullchain.pem', ['server.crt', 'issuing.crt']);
  concatenate(folder, 'ca-chain.crt', ['issuing.crt', 'root.crt']);
  copyFileSync(join(folder, 'server.key'), join(folder, 'fullchain.pem.key'));
}

type Openssl = (...args: readonly string[]) => Buffer;

function makeCas(folder: string, openssl: Openssl): void {
  for (const ca of ['root', 'issuing']) {
    mkdirSync(join(folder, `${ca}-new`));
    writeFileSync(join(folder, `${ca}-index.txt`), '');
  }
  newKey('root', 'Test Root CA', openssl, [
    '-x509',
    '-days',
    '30',
    '-extensions',
    'root',
    '-out',
    'root.crt',
  ]);
  newKey('issuing', 'Test Issuing CA', openssl, ['-out', 'issuing.csr']);
  openssl(
    'ca',
    '-batch',
    '-config',
    'openssl.cnf',
    '-name',
    'root_ca',
    '-rand_serial',
    '-extensions',
    'issuing',
    '-days',
    '30',
    '-in',
    'issuing.csr',
    '-out',
    'issuing.crt',
    '-notext',
  );
}

function issue(
  name: string,
  commonName: string,
  profile: string,
  openssl: Openssl,
  dates = ['-days', '30'],
): void {
  newKey(name, commonName, openssl, ['-out', `${name}.csr`]);
  openssl(
    'ca',
    '-batch',
    '-config',
    'openssl.cnf',
    '-name',
    'issuing_ca',
    '-rand_serial',
    '-extensions',
    profile,
    ...dates,
    '-in',
    `${name}.csr`,
    '-out',
    `${name}.crt`,
    '-notext',
  );
}

function selfSigned(name: string, commonName: string, openssl: Openssl): void {
  newKey(name, commonName, openssl, ['-x509', '-days', '30', '-extensions', 'client', '-out', `${name}.crt`]);
}

function newKey(name: string, commonName: string, openssl: Openssl, rest: readonly string[]): void {
  openssl(
    'req',
    '-config',
    'openssl.cnf',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-noenc',
    '-keyout',
    `${name}.key`,
    '-subj',
    `/CN=${commonName}`,
    ...rest,
  );
}

function concatenate(folder: string, target: string, sources: readonly string[]): void {
  writeFileSync(
    join(folder, target),
    sources.map((source) => readFileSync(join(folder, source), 'utf8')).join(''),
  );
}

const caSection = (ca: string) => `[${ca}_ca]
database = ${ca}-index.txt
serial = ${ca}-serial.txt
rand_serial = yes
new_certs_dir = ${ca}-new
certificate = ${ca}.crt
private_key = ${ca}.key
default_md = sha256
policy = anything
unique_subject = no
crl_extensions = crl
`;

const OPENSSL_CNF = `${caSection('root')}
${caSection('issuing')}
[crl]
authorityKeyIdentifier = keyid
[anything]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[issuing]
basicConstraints = critical,CA:TRUE,pathlen:0
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1
authorityKeyIdentifier = keyid
[client]
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
authorityKeyIdentifier = keyid
`;
