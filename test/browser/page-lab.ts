import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { CertificateAuthority } from '../../src/ca/certificate-authority.js';
import type { Credential, MintedCredential } from '../../src/credentials/credential.js';
import { credentialContext } from '../../src/credentials/credential-context.js';
import { good } from '../../src/credentials/good.js';
import { type GeneralName, parseGeneralName } from '../../src/x509/general-name.js';
import { commonNameOnly } from '../../src/x509/name.js';
import { encodePem } from '../../src/x509/pem.js';
import { Workplace } from '../interop/sslapi.js';
import type { ImportedFile } from './browser.js';

/** A PKI, clients of it, and `sslapi serve` on it, as its users run it. */
export class PageLab {
  readonly place: Workplace;
  readonly ca: CertificateAuthority;
  readonly #running = new Map<string, ChildProcess>();

  private constructor(place: Workplace, ca: CertificateAuthority) {
    this.place = place;
    this.ca = ca;
  }

  static async start(): Promise<PageLab> {
    const place = new Workplace();
    const { ca } = await CertificateAuthority.create({
      pki: place.at('pki'),
      name: 'Acme',
      passphrase: null,
    });
    await ca.issueServer({
      commonName: 'localhost',
      subjectAltName: ['localhost', 'visitor.localhost', '127.0.0.1'].map(parseGeneralName),
    });
    writeFileSync(place.at('password'), PASSWORD);
    return new PageLab(place, ca);
  }

  /** A client's certificate and key as the README tells people to get them. */
  async export(name: string): Promise<ImportedFile> {
    const p12 = `${name}.p12`;
    const password = ['--export-password-file', 'password'];
    await this.place.ok('export', name, '--format', 'p12', '--out', p12, ...password, '--quiet');
    return { p12: this.place.at(p12), password: PASSWORD };
  }

  /** A client that our CA vouches for, with names that it may not have been asked for. */
  async mintP12(commonName: string, subjectAltName: readonly GeneralName[]): Promise<ImportedFile> {
    this.#write('minted', await good.make(this.#context(commonName, subjectAltName)));
    const from = ['-in', 'minted.pem', '-inkey', 'minted.key'];
    const to = ['-out', 'minted.p12', '-passout', `pass:${PASSWORD}`];
    execFileSync('openssl', ['pkcs12', '-export', ...from, ...to], { cwd: this.place.path });
    return { p12: this.place.at('minted.p12'), password: PASSWORD };
  }

  /** Somebody who calls with a credential, and is refused or not. */
  async callWith(credential: Credential, url: string): Promise<CurlAnswer> {
    this.#write(credential.id, await credential.make(this.#context('mallory', [])));
    return this.#curl(['--cert', `${credential.id}.pem`, '--key', `${credential.id}.key`], url);
  }

  /** @param client a NAME, or null for none */
  call(client: string | null, url: string, ...options: readonly string[]): Promise<CurlAnswer> {
    const file = (kind: string) => this.place.at('pki/issued', client ?? '', `${kind}.pem`);
    const shown = client === null ? [] : ['--cert', file('fullchain'), '--key', file('privkey')];
    return this.#curl([...shown, ...options], url);
  }

  /** Says what everybody with a certificate may do, and nothing else; the file is exchanged in one step, as editors do. */
  allow(...rights: ReadonlyArray<readonly [method: string, path: string]>): void {
    const rules = rights.map(([method, path]) => ({ identity: '*', methods: [method], paths: [path] }));
    writeFileSync(this.place.at('next.json'), JSON.stringify({ rules }));
    renameSync(this.place.at('next.json'), this.place.at(ACCESS_FILE));
  }

  /** Waits until a client is answered so. */
  async until(client: string, url: string, status: number): Promise<void> {
    const deadline = Date.now() + 20_000;
    while ((await this.call(client, url)).status !== status)
      if (Date.now() > deadline) throw new Error(`${url} never answers ${client} with ${status}`);
  }

  /** Starts `serve` and waits until it listens.
   *  @param port 0 for a free one
   *  @returns where it is called, by the name of its certificate */
  async serve(port: number, ...options: readonly string[]): Promise<string> {
    const args = ['serve', '--listen', `127.0.0.1:${port}`, '--json', ...options];
    const server = this.place.start(args);
    let told = '';
    server.stderr!.on('data', (chunk) => (told += chunk));
    for await (const line of createInterface(server.stdout!)) {
      const { url } = JSON.parse(line) as { readonly url: string };
      server.stdout!.resume(); // its log goes on, and nobody reads it
      this.#running.set(url, server);
      return url;
    }
    throw new Error(`serve does not start: ${told}`);
  }

  /** Ends a server as Ctrl-C does. */
  async end(url: string): Promise<void> {
    const server = this.#running.get(url);
    this.#running.delete(url);
    if (server?.exitCode === null && server.kill('SIGINT')) await once(server, 'exit');
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#running.keys()].map((url) => this.end(url)));
    await this.ca.close();
    this.place.remove();
  }

  #context(commonName: string, subjectAltName: readonly GeneralName[]) {
    return credentialContext(this.ca, new Date(), { subject: commonNameOnly(commonName), subjectAltName });
  }

  #write(name: string, made: MintedCredential | null): void {
    const chain = (made?.chain ?? []).map((der) => encodePem('CERTIFICATE', der));
    writeFileSync(this.place.at(`${name}.pem`), chain.join(''));
    writeFileSync(this.place.at(`${name}.key`), made?.privateKey ?? '');
  }

  async #curl(options: readonly string[], url: string): Promise<CurlAnswer> {
    const args = ['-sS', '-i', '--max-time', '10', '--cacert', 'pki/ca.crt', ...options, url];
    const { stdout } = await this.place.program('curl', args);
    const [head = '', ...body] = stdout.split('\r\n\r\n');
    return { status: Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1] ?? 0), head, body: body.join('\r\n\r\n') };
  }
}

/** What a real curl was answered; status 0 where it was not. */
export interface CurlAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Where `allow` writes, as a program in the workplace names it. */
export const ACCESS_FILE = 'access.json';
const PASSWORD = 'only for this test';
