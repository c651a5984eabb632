import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder in which openssl makes files for a test. */
export class OpensslFiles {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sslapi-openssl-'));

  /** Runs openssl with these words; paths are relative to the folder. */
  run(...words: readonly string[]): void {
    execFileSync('openssl', words, { cwd: this.#folder, stdio: ['ignore', 'ignore', 'pipe'] });
  }

  read(name: string): Uint8Array {
    return new Uint8Array(readFileSync(join(this.#folder, name)));
  }

  write(name: string, content: string | Uint8Array): void {
    writeFileSync(join(this.#folder, name), content);
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** A CA `ca.pem`, `ca.key` (EC) and a server `leaf.pem`, `leaf.der`, `leaf.key` (RSA) with its request `leaf.csr`. */
export function makeOpensslFiles(): OpensslFiles {
  const files = new OpensslFiles();
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  files.run(
    'req',
    '-x509',
    ...ec,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=Root',
    ...CA_EXTENSIONS,
  );
  files.run(
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'leaf.key',
    '-out',
    'leaf.csr',
    '-subj',
    '/CN=api.test',
  );
  files.write('leaf.ext', 'subjectAltName=DNS:api.test\nextendedKeyUsage=serverAuth\n');
  const issuer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'leaf.ext'];
  files.run('x509', '-req', '-in', 'leaf.csr', ...issuer, '-days', '90', '-out', 'leaf.pem');
  files.run('x509', '-in', 'leaf.pem', '-outform', 'DER', '-out', 'leaf.der');
  return files;
}

const CA_EXTENSIONS = ['-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
