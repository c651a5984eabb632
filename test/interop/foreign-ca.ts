import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A CA that another program made, in its own folder, with certificates of every fate. */
export interface ForeignCa {
  readonly folder: string;
  readonly flag: '--easyrsa' | '--openssl';
  /** The CA's certificate, its key and its last CRL. */
  readonly certificate: string;
  readonly key: string;
  readonly crl: string;
  /** What became of each certificate, by its file. */
  readonly issued: ReadonlyArray<{
    readonly name: string;
    readonly file: string;
    readonly profile: 'server' | 'client' | 'peer';
    readonly reason: string | null;
  }>;
}

/** Where Debian puts it. */
export const EASY_RSA = '/usr/share/easy-rsa/easyrsa';

/** Five certificates by the real easy-rsa: valid ones, and one for each of three reasons; bob got a second one. */
export function easyRsaCa(folder: string, algorithm: 'ec' | 'rsa', password: string | null): ForeignCa {
  const pki = join(folder, 'pki');
  const env = {
    ...process.env,
    EASYRSA_BATCH: '1',
    EASYRSA_PKI: pki,
    EASYRSA_ALGO: algorithm,
    ...(password !== null && { EASYRSA_PASSIN: `pass:${password}`, EASYRSA_PASSOUT: `pass:${password}` }),
  };
  const easyrsa = (...args: string[]) => execFileSync(EASY_RSA, args, { cwd: folder, env, stdio: 'pipe' });
  const issued: Array<ForeignCa['issued'][number]> = [];
  mkdirSync(folder, { recursive: true });
  easyrsa('init-pki');
  easyrsa(`--req-cn=Easy ${algorithm} CA`, 'build-ca', ...(password === null ? ['nopass'] : []));
  const kept = (name: string) => {
    const copy = join(folder, `${name}-${issued.length}.crt`);
    copyFileSync(join(pki, 'issued', `${name}.crt`), copy);
    return copy;
  };
  const client = (name: string) => {
    easyrsa('build-client-full', name, 'nopass');
    return kept(name);
  };
  issued.push({ name: 'alice', file: client('alice'), profile: 'client', reason: null });
  for (const [name, reason] of [
    ['carol', 'certificateHold'],
    ['dave', 'superseded'],
    ['erin', 'keyCompromise'],
  ] as const) {
    issued.push({ name, file: client(name), profile: 'client', reason });
    easyrsa('revoke', name, reason);
  }
  issued.push({ name: 'erin', file: client('erin'), profile: 'client', reason: null });
  easyrsa('--subject-alt-name=DNS:api.test', 'build-server-full', 'api.test', 'nopass');
  issued.push({ name: 'api.test', file: kept('api.test'), profile: 'server', reason: null });
  easyrsa('gen-crl');
  const file = (...parts: string[]) => join(pki, ...parts);
  return {
    folder,
    flag: '--easyrsa',
    certificate: file('ca.crt'),
    key: file('private', 'ca.key'),
    crl: file('crl.pem'),
    issued,
  };
}

/** The same by the real `openssl ca`, laid out as its manual has it. */
export class OpensslCa implements ForeignCa {
  readonly flag = '--openssl';
  readonly issued: Array<ForeignCa['issued'][number]> = [];
  readonly folder: string;
  readonly password: string | null;
  readonly #algorithm: readonly string[];

  /** @param above the CA that signs this one; it signs itself where there is none */
  constructor(folder: string, algorithm: 'ec' | 'rsa', password: string | null, above?: OpensslCa) {
    this.folder = folder;
    this.password = password;
    this.#algorithm = algorithm === 'ec' ? ['ec', '-pkeyopt', 'ec_paramgen_curve:P-256'] : ['rsa:2048'];
    for (const place of ['private', 'newcerts']) mkdirSync(join(folder, place), { recursive: true });
    for (const [name, content] of [
      ['index.txt', ''],
      ['serial', '1000\n'],
      ['crlnumber', '0F\n'],
      ['openssl.cnf', CONFIGURATION],
    ] as const)
      writeFileSync(join(folder, name), content);
    const subject = `/C=DE/O=Acme/CN=Acme ${above ? 'Issuing' : algorithm} CA`;
    const pass = password === null ? ['-nodes'] : ['-passout', `pass:${password}`];
    const request = [
      'req',
      '-config',
      'openssl.cnf',
      '-newkey',
      ...this.#algorithm,
      ...pass,
      '-keyout',
      this.key,
    ];
    if (above === undefined) {
      this.#run(
        ...request,
        '-subj',
        subject,
        '-x509',
        '-days',
        '3000',
        '-extensions',
        'authority',
        '-out',
        this.certificate,
      );
    } else {
      this.#run(...request, '-subj', subject, '-out', 'ca.csr');
      above.sign(join(folder, 'ca.csr'), this.certificate, 'authority');
    }
  }

  get certificate(): string {
    return join(this.folder, 'cacert.pem');
  }

  get key(): string {
    return join(this.folder, 'private', 'cakey.pem');
  }

  get crl(): string {
    return join(this.folder, 'crl.pem');
  }

  sign(request: string, out: string, extensions: string, ...more: string[]): void {
    this.#ca('-extensions', extensions, '-in', request, '-out', out, ...more);
  }

  /** Issues one, and revokes it with those arguments where there are any. */
  issue(
    name: string,
    subject: string,
    profile: 'server' | 'client' | 'peer',
    revoked: { readonly reason: string; readonly how: readonly string[] } | null = null,
    ...more: string[]
  ): string {
    const file = join(this.folder, `${name}-${this.issued.length}.crt`);
    this.#run(
      'req',
      '-config',
      'openssl.cnf',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      'leaf.key',
      '-subj',
      subject,
      '-utf8',
      '-out',
      'leaf.csr',
    );
    this.sign('leaf.csr', file, profile, ...more);
    this.issued.push({ name, file, profile, reason: revoked?.reason ?? null });
    if (revoked !== null) this.#ca('-revoke', file, ...revoked.how);
    return file;
  }

  revoke(file: string): void {
    this.#ca('-revoke', file, '-crl_reason', 'superseded');
  }

  generateCrl(): void {
    this.#ca('-gencrl', '-out', this.crl);
  }

  /** Every reason that `openssl ca` knows, a name twice, a slash and umlauts in names. */
  fill(): this {
    this.issue('alice', '/CN=alice', 'client');
    this.issue('alice', '/CN=alice', 'client');
    this.issue('HTTP_www.test', '/O=Acme/CN=HTTP\\/www.test', 'server');
    this.issue('Zoe', '/CN=Zoë', 'peer');
    for (const reason of REASONS)
      this.issue(reason, `/CN=${reason}`, 'client', { reason, how: ['-crl_reason', reason] });
    this.issue('since', '/CN=since', 'client', {
      reason: 'keyCompromise',
      how: ['-crl_compromise', '20260101000000Z'],
    });
    this.issue('ca-since', '/CN=ca-since', 'client', {
      reason: 'cACompromise',
      how: ['-crl_CA_compromise', '20260102000000Z'],
    });
    this.issue('held', '/CN=held', 'client', {
      reason: 'certificateHold',
      how: ['-crl_hold', 'holdInstructionReject'],
    });
    this.generateCrl();
    return this;
  }

  #ca(...args: string[]): void {
    const pass = this.password === null ? [] : ['-passin', `pass:${this.password}`];
    this.#run('ca', '-config', 'openssl.cnf', '-batch', '-notext', ...pass, ...args);
  }

  #run(...args: string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }
}

const REASONS = [
  'unspecified',
  'affiliationChanged',
  'superseded',
  'cessationOfOperation',
  'certificateHold',
];

const CONFIGURATION = `
[ca]
default_ca = this
[this]
dir = .
database = $dir/index.txt
serial = $dir/serial
crlnumber = $dir/crlnumber
new_certs_dir = $dir/newcerts
certificate = $dir/cacert.pem
private_key = $dir/private/cakey.pem
default_md = sha256
default_days = 300
default_crl_days = 20
unique_subject = no
policy = any
x509_extensions = client
[any]
commonName = supplied
organizationName = optional
countryName = optional
[req]
distinguished_name = none
[none]
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[client]
basicConstraints = CA:FALSE
authorityKeyIdentifier = keyid
extendedKeyUsage = clientAuth
[server]
basicConstraints = CA:FALSE
authorityKeyIdentifier = keyid
extendedKeyUsage = serverAuth
subjectAltName = DNS:www.test
[peer]
basicConstraints = CA:FALSE
authorityKeyIdentifier = keyid
`;
