import { SslapiError } from '../errors.js';

/** A secret on its way from the user to the cipher. It shows itself to nobody: not to logs, JSON or error texts. */
export class Passphrase {
  readonly #octets: Uint8Array;

  private constructor(octets: Uint8Array) {
    this.#octets = octets;
  }

  /** Takes what was typed, read from a file or found in the environment; one trailing newline is not part of it.
   *  @throws SslapiError ERR_PASSWORD_UNFIT where it is empty, longer than 1,024 octets or of several lines */
  static from(text: string): Passphrase {
    const line = text.replace(/\r?\n$/, '');
    const octets = Buffer.from(line, 'utf8');
    if (octets.length === 0) throw new SslapiError('ERR_PASSWORD_UNFIT', 'the password is empty');
    if (octets.length > 1024)
      throw new SslapiError('ERR_PASSWORD_UNFIT', `the password has ${octets.length} bytes`);
    if (/[\r\n\0]/.test(line)) throw new SslapiError('ERR_PASSWORD_UNFIT', 'the password has several lines');
    return new Passphrase(octets);
  }

  /** The secret itself, for a key derivation function alone. */
  reveal(): Uint8Array {
    return this.#octets;
  }

  equals(other: Passphrase): boolean {
    return Buffer.compare(this.#octets, other.#octets) === 0;
  }

  toString(): string {
    return '[passphrase]';
  }

  toJSON(): string {
    return '[passphrase]';
  }
}
