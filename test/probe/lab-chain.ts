import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialNumberHex } from '../../src/x509/serial-number.js';
import { type Made, makeCa, makeLeaf, type Wish } from '../path/certificate-maker.js';

const DAY_MS = 86_400_000;

/** A CA of today with an issuing one, in a folder where OpenSSL finds it, and a responder's index. */
export class LabChain {
  readonly folder = mkdtempSync(join(tmpdir(), 'sslapi-chain-'));
  readonly root = makeCa('CN=Lab Root', life(-10, 300));
  readonly issuing = makeCa('CN=Lab Issuing', { issuer: this.root, ...life(-10, 300) });
  #index = '';

  constructor() {
    this.write('issuing.crt', this.issuing.pem);
    this.write('issuing.key', pemOf(this.issuing));
    this.write('index.txt.attr', 'unique_subject = no\n');
  }

  /** A certificate for localhost of 90 days, in the responder's index. */
  server(wish: Wish = {}, status: 'good' | 'revoked' = 'good'): Made {
    const made = makeLeaf(this.issuing, 'DNS:localhost', { ...life(-1, 89), ...wish });
    const serial = serialNumberHex(made.certificate.serialNumber).toUpperCase();
    const revoked = status === 'revoked' ? `${asn1Time(-0.5)},keyCompromise` : '';
    this.#index += `${status === 'revoked' ? 'R' : 'V'}\t${asn1Time(89)}\t${revoked}\t${serial}\tunknown\t/CN=a leaf\n`;
    this.write('index.txt', this.#index);
    return made;
  }

  /** An OCSP response that OpenSSL makes. @param options `-nmin 1` and the like */
  staple(made: Made, ...options: readonly string[]): Buffer {
    this.write('asked.crt', made.pem);
    const who = ['-issuer', 'issuing.crt', '-cert', 'asked.crt', '-no_nonce'];
    this.openssl('ocsp', ...RESPONDER, ...who, '-respout', 'staple.der', ...options);
    return execFileSync('cat', [this.at('staple.der')]);
  }

  openssl(...args: readonly string[]): void {
    execFileSync('openssl', args, { cwd: this.folder, stdio: 'pipe' });
  }

  at(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(this.at(name), content);
    return this.at(name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What OpenSSL's responder is told of itself. */
export const RESPONDER: readonly string[] = [
  ...['-index', 'index.txt', '-CA', 'issuing.crt'],
  ...['-rsigner', 'issuing.crt', '-rkey', 'issuing.key'],
];

/** A life from so many days from now to so many. */
export function life(from: number, to: number): Required<Pick<Wish, 'notBefore' | 'notAfter'>> {
  return { notBefore: at(from), notAfter: at(to) };
}

export function pemOf({ key }: Made): string {
  return key.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function at(days: number): Date {
  return new Date(Math.floor((Date.now() + days * DAY_MS) / 1000) * 1000);
}

function asn1Time(days: number): string {
  return `${at(days).toISOString().slice(2, 19).replace(/[-:T]/g, '')}Z`;
}
