import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../free-port.js';
import type { LabCertificates } from './lab-certificates.js';

/** Real servers on ports of 127.0.0.1, ended with the lab. */
export class LabServers {
  readonly #children: ChildProcess[] = [];
  readonly #lab: LabCertificates;

  constructor(lab: LabCertificates) {
    this.#lab = lab;
  }

  /** `openssl s_server`; gives back its port. */
  openssl(...args: string[]): Promise<number> {
    return this.#start((port) => ['openssl', 's_server', '-accept', `127.0.0.1:${port}`, '-quiet', ...args]);
  }

  /** nginx with lines of configuration inside its server block. */
  nginx(lines: string, protocols = 'TLSv1.2 TLSv1.3'): Promise<number> {
    return this.#start((port) => {
      const folder = this.#folder(`nginx-${port}`);
      const own = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${folder}/${name};`,
      );
      writeFileSync(
        join(folder, 'nginx.conf'),
        `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
events {}
http { access_log off; ${own.join(' ')}
server { listen 127.0.0.1:${port} ssl; server_name localhost; ssl_protocols ${protocols};
${lines}
location / { return 200 "served $ssl_client_verify\\n"; } } }`,
      );
      return ['/usr/sbin/nginx', '-e', `${folder}/error.log`, '-p', folder, '-c', `${folder}/nginx.conf`];
    });
  }

  /** Apache with lines of configuration beside its one host's. */
  apache(lines: string): Promise<number> {
    return this.#start((port) => {
      const folder = this.#folder(`apache-${port}`);
      mkdirSync(join(folder, 'docs', 'private'), { recursive: true });
      for (const file of ['index.html', 'private/index.html'])
        writeFileSync(join(folder, 'docs', file), 'served\n');
      const modules = ['mpm_event', 'authz_core', 'dir', 'ssl', 'socache_shmcb'];
      const load = modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
      writeFileSync(
        join(folder, 'httpd.conf'),
        `${load.join('\n')}
ServerRoot ${folder}
ServerName localhost
PidFile ${folder}/pid
ErrorLog ${folder}/error.log
Mutex file:${folder} default
Listen 127.0.0.1:${port}
DocumentRoot ${folder}/docs
DirectoryIndex index.html
SSLEngine on
${lines}
`,
      );
      return ['/usr/sbin/apache2', '-DFOREGROUND', '-f', `${folder}/httpd.conf`];
    });
  }

  /** HAProxy with the options of its bind line; every request gets 200. */
  haproxy(bind: string): Promise<number> {
    return this.#start((port) => {
      const folder = this.#folder(`haproxy-${port}`);
      writeFileSync(
        join(folder, 'haproxy.cfg'),
        `defaults
  mode http
  timeout client 5s
  timeout connect 5s
  timeout server 5s
frontend lab
  bind 127.0.0.1:${port} ${bind}
  http-request return status 200 content-type text/plain string served
`,
      );
      return ['/usr/sbin/haproxy', '-db', '-f', `${folder}/haproxy.cfg`];
    });
  }

  /** Any other program that listens where it is told. */
  other(command: (port: number) => readonly string[]): Promise<number> {
    return this.#start(command);
  }

  close(): void {
    for (const child of this.#children) child.kill('SIGTERM');
  }

  #folder(name: string): string {
    const folder = this.#lab.path(name);
    mkdirSync(folder);
    return folder;
  }

  async #start(command: (port: number) => readonly string[]): Promise<number> {
    const port = await freePort();
    const [program = '', ...args] = command(port);
    const child = spawn(program, args, { cwd: this.#lab.folder, stdio: ['pipe', 'ignore', 'pipe'] });
    this.#children.push(child);
    let complaint = '';
    child.stderr?.on('data', (chunk) => {
      complaint += chunk;
    });
    for (let attempt = 0; attempt < 1_800; attempt += 1) {
      if (await answers(port)) return port;
      if (child.exitCode !== null) throw new Error(`${program} ended: ${complaint}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`${program} does not listen: ${complaint}`);
  }
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
