import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertificateAuthority, type OpenOptions } from '../../src/ca/certificate-authority.js';
import type { CreateOptions } from '../../src/ca/create-authority.js';
import { DAY_MS } from '../../src/ca/validity-period.js';
import { type Certificate, parseCertificate } from '../../src/x509/certificate.js';
import {
  type CertificateList,
  parseCertificateList,
  revokedCertificatesOf,
} from '../../src/x509/certificate-list.js';
import { decodePem } from '../../src/x509/pem.js';
import { serialNumberHex } from '../../src/x509/serial-number.js';

/** When the tests' CAs are made. */
export const BEGIN = new Date('2026-03-01T12:00:00Z');

/** A CA in a folder of its own, whose clock the test moves. */
export class LabAuthority {
  readonly folder: string;
  ca: CertificateAuthority;
  readonly #time: { now: Date };

  private constructor(folder: string, ca: CertificateAuthority, time: { now: Date }) {
    this.folder = folder;
    this.ca = ca;
    this.#time = time;
  }

  static async make(options: Partial<CreateOptions> = {}, begin = BEGIN): Promise<LabAuthority> {
    const folder = mkdtempSync(join(tmpdir(), 'sslapi-lab-'));
    const time = { now: begin };
    const now = () => time.now;
    const { ca } = await CertificateAuthority.create({
      pki: join(folder, 'pki'),
      passphrase: null,
      now,
      ...options,
    });
    return new LabAuthority(folder, ca, time);
  }

  get now(): Date {
    return this.#time.now;
  }

  pass(days: number): void {
    this.#time.now = new Date(this.#time.now.getTime() + days * DAY_MS);
  }

  at(...parts: readonly string[]): string {
    return join(this.folder, 'pki', ...parts);
  }

  /** The same PKI as another process opens it. */
  reopen(options: OpenOptions = {}): Promise<CertificateAuthority> {
    return CertificateAuthority.open({ pki: this.at(), now: () => this.now, ...options });
  }

  certificate(...parts: readonly string[]): Certificate {
    return parseCertificate(decodePem(readFileSync(this.at(...parts), 'latin1'))[0]!.der);
  }

  leaf(name: string): Certificate {
    return this.certificate('issued', name, 'cert.pem');
  }

  crl(role: 'root' | 'issuing' = 'issuing'): CertificateList {
    return parseCertificateList(readFileSync(this.at('crl', `${role}.crl`)));
  }

  /** Serial numbers on the CRL, hex. */
  revoked(role: 'root' | 'issuing' = 'issuing'): string[] {
    return [...revokedCertificatesOf(this.crl(role))].map((one) => serialNumberHex(one.serialNumber));
  }

  async remove(): Promise<void> {
    await this.ca.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
