import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { type LabCertificates, labCertificates } from '../tls/lab-certificates.js';
import { LabServers } from '../tls/lab-servers.js';
import { StarttlsServers } from '../tls/starttls-servers.js';

/** What all servers of the lab share: one PKI, and what they are ended by. */
export interface Lab {
  readonly certificates: LabCertificates;
  readonly servers: LabServers;
  /** Those that begin in the clear; they show the certificate of the RSA key. */
  readonly starttls: StarttlsServers;
  /** Ends what runs in the tests' own process. */
  readonly onClose: (end: () => void) => void;
  readonly close: () => Promise<void>;
}

/** Makes the PKI: a root, an intermediate, and a server's certificate of each kind with the chain that belongs to it. */
export function openLab(): Lab {
  const certificates = labCertificates();
  const { folder, path, pem, issue } = certificates;
  issue('intermediate', { subject: '/O=Lab/CN=intermediate', extensions: CA_EXTENSIONS, days: DAYS });
  for (const keyType of SERVER_KEYS) {
    issue(keyType, { by: 'intermediate', keyType, extensions: SERVER_EXTENSIONS, days: DAYS });
    writeFileSync(path(`${keyType}.chain.pem`), pem(`${keyType}.crt`) + pem('intermediate.crt'));
    writeFileSync(path(`${keyType}.pem`), pem(`${keyType}.chain.pem`) + pem(`${keyType}.key`));
  }
  issue('client', { extensions: 'extendedKeyUsage=clientAuth', days: DAYS });
  for (const [file, group] of DH_GROUPS) {
    const parameters = ['-genparam', '-algorithm', 'DH', '-pkeyopt', group, '-out', file];
    execFileSync('openssl', ['genpkey', ...parameters], { cwd: folder, stdio: 'pipe' });
  }
  copyFileSync(path('rsa.chain.pem'), path('server.crt'));
  copyFileSync(path('rsa.key'), path('server.key'));
  const servers = new LabServers(certificates);
  const starttls = new StarttlsServers(certificates);
  const ends: (() => void)[] = [];
  return {
    certificates,
    servers,
    starttls,
    onClose: (end) => ends.push(end),
    close: async () => {
      for (const end of ends.splice(0)) end();
      servers.close();
      await starttls.close();
      certificates.close();
    },
  };
}

/** A name for each kind of key that a server of the lab shows; its certificate, chain and both with the key are KIND.crt,
 *  KIND.chain.pem and KIND.pem. */
export type ServerKey = (typeof SERVER_KEYS)[number];
const SERVER_KEYS = ['ec', 'ec-p384', 'rsa', 'rsa-pss', 'ed25519'] as const;

/** What our reports call the keys. */
export const KEY_TYPE: Readonly<Record<ServerKey | 'intermediate', string>> = {
  ec: 'ec-p256',
  'ec-p384': 'ec-p384',
  rsa: 'rsa-2048',
  'rsa-pss': 'rsa-pss-2048',
  ed25519: 'ed25519',
  intermediate: 'ec-p256',
};

const DAYS = 90;
const CA_EXTENSIONS = `basicConstraints=critical,CA:TRUE,pathlen:0
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid`;
const SERVER_EXTENSIONS = `basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature,keyEncipherment
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
subjectAltName=DNS:localhost,IP:127.0.0.1`;
/** RFC 5114 §2.1 has 1024 bits, RFC 7919 the rest. */
const DH_GROUPS = [
  ['dh1024.pem', 'dh_rfc5114:1'],
  ['dh2048.pem', 'group:ffdhe2048'],
] as const;
