import { execFile } from 'node:child_process';
import type { Rival } from './rival-view.js';

/** What other scanners say otherwise than we do, why, and what shows today that we are right. */
export interface Difference {
  readonly rival: Rival;
  /** The servers that it occurs on; on no other, and on each of them. */
  readonly servers: readonly string[];
  /** The lines of `disagreements` that it explains. */
  readonly lines: RegExp;
  readonly why: string;
  /** Asks the running server, or another program. */
  readonly evidence: (asked: Evidence) => Promise<boolean>;
}

/** Who is asked for evidence. */
export interface Evidence {
  readonly server: string;
  readonly port: number;
  /** The folder of the lab's PKI. */
  readonly folder: string;
}

export const DIFFERENCES: readonly Difference[] = [
  {
    rival: 'sslscan',
    servers: ['haproxy-verify-required'],
    lines: /lacks (TLSv1\.2 suite|certificate)/,
    why: 'sslscan counts a suite only when the handshake is over, which it never is without a client certificate',
    evidence: async (asked) => {
      const stranger = await sClient(asked, '-tls1_2', '-cipher', 'AES128-GCM-SHA256');
      const client = await sClient(asked, '-tls1_2', '-cipher', 'AES128-GCM-SHA256', ...CLIENT);
      return !stranger.isDone && client.isDone;
    },
  },
  {
    rival: 'sslscan',
    servers: ['s-server-psk'],
    lines: /lacks TLSv1\.2 (suite|group)/,
    why: 'OpenSSL offers suites of pre-shared keys only to those who give it one, and sslscan gives none',
    evidence: async (asked) =>
      !(await sClient(asked, '-tls1_2')).isDone &&
      (await sClient(asked, '-tls1_2', '-psk', '1a2b', '-cipher', 'PSK-AES256-CBC-SHA')).isDone,
  },
  {
    rival: 'nmap',
    servers: ['s-server-psk'],
    lines: /lacks TLSv1\.2 suite 0x008d/,
    why: 'nmap has no ear for a handshake that has neither a Certificate nor a ServerKeyExchange',
    evidence: async (asked) =>
      (await sClient(asked, '-tls1_2', '-psk', '1a2b', '-cipher', 'PSK-AES256-CBC-SHA')).isDone,
  },
  {
    rival: 'sslscan',
    servers: [
      'nginx-weak-ecdsa',
      'nginx-client-auth',
      's-server-staple',
      's-server-no-ticket',
      's-server-p384',
      'node-default',
    ],
    lines: /lacks TLSv1\.2 group/,
    why: 'sslscan offers one group at a time; OpenSSL shows an ECDSA certificate only to clients who offer its curve',
    evidence: async (asked) => {
      const curve = asked.server === 's-server-p384' ? 'P-384' : 'P-256';
      const other = asked.server === 's-server-p384' ? 'P-521' : 'X25519';
      const suites = ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES128-GCM-SHA256'];
      const alone = await sClient(asked, ...suites, '-groups', other);
      const both = await sClient(asked, ...suites, '-groups', `${other}:${curve}`);
      return (
        !alone.isDone &&
        both.isDone &&
        both.said.includes(`Server Temp Key: ${other.replace('P-521', 'ECDH')}`)
      );
    },
  },
  {
    rival: 'sslscan',
    servers: ['s-server-anonymous', 's-server-null'],
    lines: /lacks TLSv1\.2 group/,
    why: 'none of the suites that sslscan asks for groups with is anonymous or without encryption',
    evidence: async (asked) => {
      const suite = asked.server === 's-server-null' ? 'ECDHE-RSA-NULL-SHA' : 'AECDH-AES128-SHA';
      const found = await sClient(asked, '-tls1_2', '-cipher', `${suite}@SECLEVEL=0`, '-groups', 'P-256');
      return found.isDone && found.said.includes('prime256v1');
    },
  },
  {
    rival: 'sslscan',
    servers: ['s-server-server-order', 'node-legacy'],
    lines: /lacks TLSv1\.2 group/,
    why: 'sslscan offers its suites for groups all at once, and the choice falls on one without ECDHE',
    evidence: async (asked) => {
      const [wanted, offered] =
        asked.server === 'node-legacy'
          ? ['AES256-SHA', 'AES256-SHA:ECDHE-RSA-AES128-SHA']
          : ['AES128-SHA', 'ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA'];
      const chosen = await sClient(asked, '-tls1_2', '-cipher', offered);
      const only = await sClient(asked, '-tls1_2', '-cipher', 'ECDHE');
      return chosen.said.includes(`Cipher is ${wanted}`) && only.said.includes('Server Temp Key: ECDH');
    },
  },
  {
    rival: 'sslscan',
    servers: ['java-legacy'],
    lines: /lacks SSLv3 suite/,
    why: 'its OpenSSL has no SSL 3.0',
    evidence: async ({ folder }) =>
      (await run(folder, 's_client', '-ssl3')).includes('Unknown option: -ssl3'),
  },
  {
    rival: 'sslscan',
    servers: ['java-legacy'],
    lines: /lacks (TLSv1\.1 group|certificate)/,
    why: 'of all that OpenSSL has Java likes an anonymous suite best, which sslscan does not ask for groups with, and which has no certificate',
    evidence: async (asked) => {
      const { said } = await sClient(asked, '-cipher', 'ALL@SECLEVEL=0');
      return said.includes('Cipher is AECDH-AES128-SHA') && said.includes('no peer certificate available');
    },
  },
  {
    rival: 'testssl',
    servers: ['java-legacy'],
    lines: /lacks TLSv1\.1 group/,
    why: 'the only ECDHE suites of this server are anonymous, and testssl looks for groups with suites that have a certificate',
    evidence: async (asked) => {
      const authentic = await sClient(asked, '-tls1_1', '-cipher', 'ECDHE:!aNULL:@SECLEVEL=0');
      const anonymous = await sClient(asked, '-tls1_1', '-cipher', 'AECDH:@SECLEVEL=0', '-groups', 'X25519');
      return !authentic.isDone && anonymous.isDone && anonymous.said.includes('Server Temp Key: X25519');
    },
  },
  {
    rival: 'sslscan',
    servers: ['s-server-tls13-ccm', 'faulty-sslv2'],
    lines: /lacks certificate/,
    why: 'sslscan sees certificates by a whole handshake with the suites and versions that its OpenSSL has by default',
    evidence: async (asked) => !(await sClient(asked)).isDone,
  },
  {
    rival: 'nmap',
    servers: ['s-server-tls13-ccm', 's-server-weak-dh', 's-server-null', 'faulty-sslv2'],
    lines: /lacks certificate/,
    why: 'nmap sees certificates by a whole handshake with what its OpenSSL has by default: no CCM, no NULL, no 1024 bits',
    evidence: async (asked) => !(await sClient(asked)).isDone,
  },
  {
    rival: 'nmap',
    servers: ['s-server-tls13-one-suite'],
    lines: /lacks (protocol TLSv1\.3|TLSv1\.3 suite)/,
    why: 'nmap 7.93 knows no x448: DEFAULT_ELLIPTIC_CURVES in nselib/tls.lua',
    evidence: async (asked) =>
      !(await sClient(asked, '-groups', NMAP_GROUPS)).isDone &&
      (await sClient(asked, '-groups', 'X448', '-ciphersuites', 'TLS_CHACHA20_POLY1305_SHA256')).isDone,
  },
  {
    rival: 'nmap',
    servers: ['s-server-p384'],
    lines: /lacks (protocol TLSv1\.3|TLSv1\.3 suite)/,
    why: 'nmap 7.93 offers no ecdsa_secp384r1_sha384 in TLS 1.3: DEFAULT_SIGSCHEMES in nselib/tls.lua',
    evidence: async (asked) =>
      !(await sClient(asked, '-tls1_3', '-sigalgs', 'ecdsa_secp256r1_sha256:rsa_pss_rsae_sha256')).isDone &&
      (await sClient(asked, '-tls1_3', '-sigalgs', 'ecdsa_secp384r1_sha384')).isDone,
  },
  {
    rival: 'nmap',
    servers: ['s-server-ed25519', 's-server-rsa-pss'],
    lines: /lacks (protocol TLSv1\.2|TLSv1\.2 suite)/,
    why: 'nmap 7.93 offers neither ed25519 (it writes 0x0407 for it) nor rsa_pss_pss in TLS 1.2: DEFAULT_SIGALGS in nselib/tls.lua',
    evidence: async (asked) => {
      const own = asked.server === 's-server-ed25519' ? 'ed25519' : 'rsa_pss_pss_sha256';
      return (
        !(await sClient(asked, '-tls1_2', '-sigalgs', 'RSA+SHA256:ECDSA+SHA256')).isDone &&
        (await sClient(asked, '-tls1_2', '-sigalgs', own)).isDone
      );
    },
  },
  {
    rival: 'sslscan',
    servers: ['dovecot'],
    lines: /lacks (protocol TLSv1\.2|TLSv1\.2 suite)/,
    why: 'Dovecot without ssl_dh closes on every hello whose choice falls on DHE, and sslscan takes that for an answer to all',
    evidence: async (asked) => {
      const imap = ['-starttls', 'imap', '-tls1_2', '-cipher'];
      const both = await sClient(asked, ...imap, 'DHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-SHA');
      const one = await sClient(asked, ...imap, 'ECDHE-RSA-AES128-SHA');
      return !both.isDone && one.isDone;
    },
  },
  {
    rival: 'sslscan',
    servers: ['aiosmtpd'],
    lines: /lacks/,
    why: 'sslscan reads once after EHLO, and aiosmtpd sends its answer in several parts, STARTTLS not in the first',
    evidence: async (asked) => (await sClient(asked, '-starttls', 'smtp')).isDone,
  },
  {
    rival: 'nmap',
    servers: ['aiosmtpd'],
    lines: /lacks (protocol|TLSv1\.[23] suite)/,
    why: 'ssl-enum-ciphers reads once after EHLO, and takes the rest of aiosmtpd’s answer for that to STARTTLS',
    evidence: async (asked) => (await sClient(asked, '-starttls', 'smtp')).isDone,
  },
];

/** How a connection of `openssl s_client` went. */
async function sClient(
  { port, folder }: Evidence,
  ...options: readonly string[]
): Promise<{ readonly isDone: boolean; readonly said: string }> {
  const where = ['-connect', `127.0.0.1:${port}`, '-servername', 'localhost'];
  const said = await run(folder, 's_client', ...where, ...options);
  // A TLS 1.2 server that refuses a client certificate says so only after the client is content with all but it.
  return { isDone: /^New, (TLS|SSL)v\S+ Cipher is (?!\(NONE\))/m.test(said) && !/alert/.test(said), said };
}

function run(folder: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    const options = { cwd: folder, timeout: 10_000 };
    const child = execFile('openssl', args, options, (_error, stdout, stderr) => resolve(stdout + stderr));
    child.stdin?.on('error', () => {}); // it may end without reading
    child.stdin?.end();
  });
}

const CLIENT = ['-cert', 'client.crt', '-key', 'client.key'];
const NMAP_GROUPS = 'P-256:P-384:P-521:X25519:ffdhe2048';
