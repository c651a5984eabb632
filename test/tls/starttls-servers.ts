import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StarttlsProtocol } from '../../src/tls/starttls/protocols.js';
import { freePort } from '../free-port.js';
import type { LabCertificates } from './lab-certificates.js';

/** The real server of each protocol that begins in the clear, by the name of its program. */
export const STARTTLS_PROGRAMS: Readonly<Record<StarttlsProtocol, string>> = {
  smtp: 'aiosmtpd',
  imap: 'dovecot',
  pop3: 'dovecot',
  ldap: 'slapd',
  postgres: 'pg_ctlcluster', // initdb and postgres lie in a folder of their version
  mysql: 'mariadbd',
  ftp: 'vsftpd',
  xmpp: 'prosody',
};

/** Starts them on ports of 127.0.0.1 with `server.crt` of the lab, as a user without rights: for root that is nobody.
 *  All of them are gone once `close` is done, and when the tests' process ends. */
export class StarttlsServers {
  readonly #lab: LabCertificates;
  readonly #children: ChildProcess[] = [];
  #folders = 0;

  constructor(lab: LabCertificates) {
    this.#lab = lab;
    process.on('exit', this.#kill);
  }

  async smtp(): Promise<number> {
    const script = this.#write(this.#folder('smtp'), 'server.py', AIOSMTPD);
    return this.#start((port) => ['/usr/bin/python3', script, `${port}`, this.#crt, this.#key]);
  }

  async imap(): Promise<number> {
    return this.#dovecot('imap');
  }

  async pop3(): Promise<number> {
    return this.#dovecot('pop3');
  }

  async ldap(): Promise<number> {
    const lines = `modulepath /usr/lib/ldap
moduleload back_null
TLSCertificateFile ${this.#crt}
TLSCertificateKeyFile ${this.#key}
database null
suffix "cn=lab"
`;
    const folder = this.#folder('ldap');
    const file = this.#write(folder, 'slapd.conf', lines);
    const program = join(folder, 'slapd'); // by its own path, Ubuntu's AppArmor would keep it out of here
    copyFileSync('/usr/sbin/slapd', program);
    return this.#start((port) => [program, '-h', `ldap://127.0.0.1:${port}`, '-f', file, '-d', '0']);
  }

  async postgres(): Promise<number> {
    const programs = join('/usr/lib/postgresql', readdirSync('/usr/lib/postgresql').at(-1) ?? '', 'bin');
    const data = join(this.#folder('postgres'), 'data');
    const [program = '', ...args] = asNobody([
      `${programs}/initdb`,
      '-D',
      data,
      '-A',
      'trust',
      '-U',
      'lab',
      '--no-sync',
    ]);
    execFileSync(program, args, { stdio: 'pipe' });
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      ssl: 'on',
      ssl_cert_file: this.#crt,
      ssl_key_file: this.#key,
    };
    const set = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return this.#start((port) => [`${programs}/postgres`, '-D', data, '-p', `${port}`, ...set]);
  }

  async mysql(): Promise<number> {
    const folder = this.#folder('mysql');
    return this.#start((port) => [
      '/usr/sbin/mariadbd',
      '--no-defaults',
      `--datadir=${folder}`,
      `--socket=${folder}/socket`,
      `--pid-file=${folder}/pid`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--skip-grant-tables',
      '--skip-networking=0',
      '--innodb=OFF',
      '--default-storage-engine=MyISAM',
      `--ssl-cert=${this.#crt}`,
      `--ssl-key=${this.#key}`,
    ]);
  }

  async ftp(): Promise<number> {
    const folder = this.#folder('ftp');
    return this.#start((port) => [
      '/usr/sbin/vsftpd',
      this.#write(folder, 'vsftpd.conf', vsftpd(port, folder, this.#crt, this.#key)),
    ]);
  }

  async xmpp(): Promise<number> {
    const folder = this.#folder('xmpp');
    mkdirSync(join(folder, 'certs'));
    return this.#start((port) => {
      const file = this.#write(folder, 'prosody.cfg.lua', prosody(port, folder, this.#crt, this.#key));
      return ['/usr/bin/prosody', '-F', '--config', file];
    });
  }

  /** tinyproxy, for CONNECT; it lets in who gives these credentials, or everybody. */
  async proxy(credentials: string | null = null): Promise<number> {
    const folder = this.#folder('proxy');
    return this.#start((port) => {
      const lines = [
        `Port ${port}`,
        'Listen 127.0.0.1',
        'Timeout 10',
        'LogLevel Error',
        `LogFile "${folder}/log"`,
      ];
      const auth = credentials === null ? [] : [`BasicAuth ${credentials.replace(':', ' ')}`];
      return [
        '/usr/bin/tinyproxy',
        '-d',
        '-c',
        this.#write(folder, 'conf', `${[...lines, ...auth].join('\n')}\n`),
      ];
    });
  }

  async close(): Promise<void> {
    const running = this.#children.filter((child) => child.exitCode === null && child.signalCode === null);
    const ended = running.map((child) => once(child, 'exit'));
    for (const child of running) child.kill('SIGTERM');
    await Promise.race([Promise.all(ended), sleep(5000)]);
    this.#kill();
    process.off('exit', this.#kill);
  }

  readonly #kill = (): void => {
    for (const child of this.#children) if (child.exitCode === null) child.kill('SIGKILL');
  };

  get #crt(): string {
    return this.#lab.path('server.crt');
  }

  get #key(): string {
    return this.#lab.path('server.key');
  }

  async #dovecot(protocol: 'imap' | 'pop3'): Promise<number> {
    const folder = this.#folder(protocol);
    return this.#start((port) => [
      '/usr/sbin/dovecot',
      '-F',
      '-c',
      this.#write(folder, 'dovecot.conf', dovecot(protocol, port, folder, this.#crt, this.#key)),
    ]);
  }

  /** A folder that the server may write to. */
  #folder(name: string): string {
    this.#folders += 1;
    const folder = this.#lab.path(`${name}-${this.#folders}`);
    mkdirSync(folder);
    this.#give(folder);
    this.#letIn();
    return folder;
  }

  #write(folder: string, name: string, text: string): string {
    writeFileSync(join(folder, name), text);
    this.#give(join(folder, name));
    return join(folder, name);
  }

  #give(path: string): void {
    if (IS_ROOT) chownSync(path, NOBODY, NOGROUP);
  }

  async #start(command: (port: number) => readonly string[]): Promise<number> {
    const port = await freePort();
    const [program = '', ...args] = asNobody(command(port));
    const child = spawn(program, args, { cwd: this.#lab.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#children.push(child);
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += chunk));
    for (let attempt = 0; attempt < 900; attempt += 1) {
      if (await answers(port)) return port;
      if (child.exitCode !== null) break;
      await sleep(50);
    }
    throw new Error(`${args.join(' ')} does not listen:\n${said}`);
  }

  /** The lab's own folder, and the one key in it that is theirs. */
  #letIn(): void {
    chmodSync(this.#lab.folder, 0o755);
    this.#give(this.#key);
    chmodSync(this.#key, 0o600);
  }
}

/** The program itself, not a shell around it, gets the signals; it does not outlive us, however we end. */
function asNobody(command: readonly string[]): readonly string[] {
  const rights = IS_ROOT ? [`--reuid=${NOBODY}`, `--regid=${NOGROUP}`, '--clear-groups'] : [];
  return ['setpriv', '--pdeathsig', 'TERM', ...rights, ...command];
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (listening: boolean) => (): void => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', done(true)).once('error', done(false));
  });
}

function dovecot(protocol: string, port: number, folder: string, crt: string, key: string): string {
  const [user, group] = ['-un', '-gn'].map((flag) =>
    IS_ROOT ? ACCOUNT[flag] : execFileSync('id', [flag]).toString().trim(),
  );
  return `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/stderr
protocols = ${protocol}
listen = 127.0.0.1
ssl = yes
ssl_cert = <${crt}
ssl_key = <${key}
default_internal_user = ${user}
default_internal_group = ${group}
default_login_user = ${user}
passdb {
  driver = static
}
userdb {
  driver = static
  args = home=${folder}
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
service ${protocol}-login {
  chroot =
  inet_listener ${protocol} {
    port = ${port}
  }
  inet_listener ${protocol}s {
    port = 0
  }
}
`;
}

function vsftpd(port: number, folder: string, crt: string, key: string): string {
  return `listen=YES
background=NO
listen_address=127.0.0.1
listen_port=${port}
run_as_launching_user=YES
anonymous_enable=YES
anon_root=${folder}
secure_chroot_dir=${folder}
seccomp_sandbox=NO
ssl_enable=YES
allow_anon_ssl=YES
ssl_ciphers=HIGH
rsa_cert_file=${crt}
rsa_private_key_file=${key}
`;
}

function prosody(port: number, folder: string, crt: string, key: string): string {
  return `daemonize = false
pidfile = "${folder}/pid"
data_path = "${folder}"
interfaces = { "127.0.0.1" }
c2s_ports = { ${port} }
modules_enabled = { "tls", "saslauth" }
modules_disabled = { "s2s", "http" }
log = { { levels = { min = "error" }, to = "console" } }
VirtualHost "localhost"
  ssl = { certificate = "${crt}", key = "${key}" }
`;
}

const AIOSMTPD = `import asyncio, ssl, sys
from aiosmtpd.handlers import Sink
from aiosmtpd.smtp import SMTP

async def main():
    port, certificate, key = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    session = lambda: SMTP(Sink(), tls_context=context, hostname='localhost')
    server = await asyncio.get_running_loop().create_server(session, '127.0.0.1', int(port))
    await server.serve_forever()

asyncio.run(main())
`;
const IS_ROOT = process.getuid?.() === 0;
/** Debian's numbers. */
const NOBODY = 65_534;
const NOGROUP = 65_534;
const ACCOUNT: Readonly<Record<string, string>> = { '-un': 'nobody', '-gn': 'nogroup' };
