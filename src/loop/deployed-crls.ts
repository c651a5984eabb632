import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { encodePem } from '../x509/pem.js';

/** The file of CRLs that a server reads: what its CA has published, and what a proof has made for itself. */
export class DeployedCrls {
  readonly #published: string;
  readonly #file: string;
  #made = '';

  /** @param published the CA's own file, which is copied; `file` is the server's */
  constructor(published: string, file: string) {
    this.#published = published;
    this.#file = file;
    this.deploy();
  }

  /** Takes over what the CA has published by now. */
  deploy(): void {
    writeFileSync(`${this.#file}.new`, readFileSync(this.#published, 'utf8') + this.#made);
    renameSync(`${this.#file}.new`, this.#file);
  }

  /** The same with these besides, in DER. */
  deployWith(made: readonly Uint8Array[]): void {
    this.#made = made.map((der) => encodePem('X509 CRL', der)).join('');
    this.deploy();
  }
}
