import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { freePort } from '../../free-port.js';
import { type LabCertificates, labCertificates } from '../../tls/lab-certificates.js';
import { LabServers } from '../../tls/lab-servers.js';

/** What scans are timed on, all of it nginx on 127.0.0.0/8. */
export interface ScannedServers {
  /** Up to date: TLS 1.2 and 1.3 with three suites each. */
  readonly modern: () => Promise<number>;
  /** TLS 1.0 to 1.3 with every suite that its OpenSSL has, in its own order. */
  readonly weak: () => Promise<number>;
  /** The up-to-date one on many addresses; gives back a file for `--targets`. */
  readonly many: (count: number) => Promise<string>;
  /** A file that holds the root to trust. */
  readonly root: string;
  readonly close: () => void;
}

export function scannedServers(): ScannedServers {
  const lab = labCertificates();
  const servers = new LabServers(lab);
  lab.issue('rsa', { keyType: 'rsa' });
  lab.issue('ec');
  const parameters = ['dhparam', '-dsaparam', '-out', 'dh.pem', '2048'];
  execFileSync('openssl', parameters, { cwd: lab.folder, stdio: 'pipe' });
  return {
    modern: () => servers.nginx(`${keyOf(lab, 'ec')} ${MODERN}`),
    weak: () => servers.nginx(`${keyOf(lab, 'rsa')} ssl_dhparam ${lab.path('dh.pem')}; ${WEAK}`),
    many: async (count) => {
      const port = await freePort();
      const addresses = Array.from({ length: count }, (_, at) => `127.0.${1 + (at >> 7)}.${1 + (at & 127)}`);
      const listen = addresses.map((address) => `listen ${address}:${port} ssl;`);
      await servers.nginx(`${listen.join(' ')} ${keyOf(lab, 'ec')} ${MODERN}`);
      const lines = addresses.map((address) => `${address}:${port} servername=localhost\n`);
      writeFileSync(lab.path('targets'), lines.join(''));
      return lab.path('targets');
    },
    root: lab.path('ca.crt'),
    close: () => {
      servers.close();
      lab.close();
    },
  };
}

function keyOf({ path }: LabCertificates, name: string): string {
  return `ssl_certificate ${path(`${name}.crt`)}; ssl_certificate_key ${path(`${name}.key`)};`;
}

const MODERN = 'ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;';
const WEAK =
  'ssl_protocols TLSv1 TLSv1.1; ssl_prefer_server_ciphers on; ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0;';
