import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of keys and certificates that openssl made: `ca`, `other-ca`, and what `issue` adds. */
export interface LabCertificates {
  readonly folder: string;
  /** Path of a file in the folder, `server.crt` for one. */
  readonly path: (file: string) => string;
  readonly pem: (file: string) => string;
  /** A certificate of the folder in DER. */
  readonly der: (name: string) => Buffer;
  /** A key and a certificate of it, NAME.key and NAME.crt; `by` is `ca` unless told. */
  readonly issue: (name: string, options?: IssueOptions) => void;
  readonly close: () => void;
}

interface IssueOptions {
  readonly by?: string;
  readonly keyType?: keyof typeof KEY_TYPES;
  readonly subject?: string;
  readonly extensions?: string;
  /** How long it is good for; 9 unless told. */
  readonly days?: number;
}

export function labCertificates(): LabCertificates {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-tls-'));
  const path = (file: string): string => join(folder, file);
  const pem = (file: string): string => readFileSync(path(file), 'utf8');
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  };
  const newKey = (name: string, keyType: keyof typeof KEY_TYPES): void =>
    openssl('genpkey', ...KEY_TYPES[keyType], '-out', `${name}.key`);
  const selfSign = (name: string): void => {
    newKey(name, 'ec');
    openssl(
      'req',
      '-x509',
      '-new',
      '-key',
      `${name}.key`,
      '-subj',
      `/O=Lab/CN=${name}`,
      '-days',
      '9',
      '-out',
      `${name}.crt`,
    );
  };
  const issue = (name: string, options: IssueOptions = {}): void => {
    const {
      by = 'ca',
      keyType = 'ec',
      subject = `/CN=${name}`,
      extensions = 'subjectAltName=DNS:localhost',
      days = 9,
    } = options;
    newKey(name, keyType);
    writeFileSync(path(`${name}.ext`), `${extensions}\n`);
    openssl('req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
    const signer =
      by === name
        ? ['-signkey', `${name}.key`]
        : ['-CA', `${by}.crt`, '-CAkey', `${by}.key`, '-CAcreateserial'];
    openssl(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      ...signer,
      '-days',
      String(days),
      '-extfile',
      `${name}.ext`,
      '-out',
      `${name}.crt`,
    );
  };
  selfSign('ca');
  selfSign('other-ca');
  return {
    folder,
    path,
    pem,
    der: (name) => Buffer.from(pem(`${name}.crt`).replace(/-----[^-]+-----|\s/g, ''), 'base64'),
    issue,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

const KEY_TYPES = {
  ec: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
  'ec-p384': ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'],
  rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'],
  'rsa-pss': ['-algorithm', 'RSA-PSS', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ed25519: ['-algorithm', 'ED25519'],
} as const;
