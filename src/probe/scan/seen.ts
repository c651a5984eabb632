import { cipherSuite } from '../../tls/cipher-suite.js';
import type { ClientHelloOffer } from '../../tls/client-hello.js';
import type { ServerHelloOutcome } from '../../tls/exchange.js';
import { signatureSchemeName } from '../../tls/signature-scheme.js';
import { TLS_VERSIONS, type TlsVersion } from '../../tls/version.js';
import type { DhParameters, ShownChain } from '../scan.js';

/** What every ServerHello of a scan brings along, whatever it was asked for. */
export class Seen {
  readonly #servername: string | null;
  readonly #chains = new Map<string, ShownChain>();
  readonly #dhParameters = new Map<string, DhParameters>();
  readonly #groups = new Map<TlsVersion, Set<number>>();
  #exportRsaBits: number | null = null;

  constructor(servername: string | null) {
    this.#servername = servername;
  }

  /** Every distinct chain, the first one first; the others by how they were come by, not by when. */
  get chains(): readonly ShownChain[] {
    return sorted(this.#chains, ({ asked }) => ASKED_ORDER.indexOf(asked));
  }

  /** The shortest prime first. */
  get dhParameters(): readonly DhParameters[] {
    return sorted(this.#dhParameters, ({ primeBits }) => primeBits);
  }

  get exportRsaBits(): number | null {
    return this.#exportRsaBits;
  }

  /** Groups that were agreed upon in a version. */
  groupsOf(version: TlsVersion): readonly number[] {
    return [...(this.#groups.get(version) ?? [])];
  }

  take(outcome: ServerHelloOutcome, offer: ClientHelloOffer): void {
    const { serverHello, flight } = outcome;
    this.#takeChain(outcome, offer);
    if (serverHello.keyShare !== null) this.#takeGroup(serverHello.version, serverHello.keyShare.group);
    const exchanged = flight.serverKeyExchange;
    if (exchanged?.kind === 'named-curve') this.#takeGroup(serverHello.version, exchanged.group);
    if (exchanged?.kind === 'rsa') {
      this.#exportRsaBits = Math.min(this.#exportRsaBits ?? Number.POSITIVE_INFINITY, exchanged.modulusBits);
    }
    if (exchanged?.kind === 'dh') {
      const { primeBits, prime, generator } = exchanged;
      const { version, cipherSuite: suite } = serverHello;
      this.#takeDh({ version, cipherSuite: suite, primeBits, prime, generator });
    }
  }

  /** Of all answers that had the same group the one of the newest version, and of its first suite, stands for them. */
  #takeDh(found: DhParameters): void {
    const key = `${latin1(found.prime)}/${latin1(found.generator)}`;
    const known = this.#dhParameters.get(key);
    if (known === undefined || comesBefore(found, known)) this.#dhParameters.set(key, found);
  }

  /** A staple may come later than the chain: nginx fetches it when it is first asked. */
  #takeChain({ serverHello, flight }: ServerHelloOutcome, offer: ClientHelloOffer): void {
    const { certificate, extensions, certificateVerifyScheme } = flight;
    if (certificate === null || certificate.chain.length === 0) return;
    const key = certificate.chain.map(latin1).join('\0');
    const known = this.#chains.get(key);
    const scts = [
      ...certificate.signedCertificateTimestamps,
      ...(serverHello.version === 'TLSv1.3' ? [] : (extensions?.signedCertificateTimestamps ?? [])),
    ];
    const asked = this.#howAsked(offer, serverHello.cipherSuite, certificateVerifyScheme);
    this.#chains.set(key, {
      asked: known === undefined || known.asked === 'without-name' ? asked : known.asked,
      chain: certificate.chain,
      ocspResponse: known?.ocspResponse ?? certificate.ocspResponse,
      signedCertificateTimestamps: known?.signedCertificateTimestamps.length
        ? known.signedCertificateTimestamps
        : scts,
    });
  }

  #howAsked(offer: ClientHelloOffer, suite: number, scheme: number | null): ShownChain['asked'] {
    if (this.#servername !== null && !offer.serverName) return 'without-name';
    if (![...this.#chains.values()].some(({ asked }) => asked === 'by-name')) return 'by-name';
    const isEcdsa =
      scheme === null
        ? cipherSuite(suite)?.authentication === 'ECDSA'
        : !signatureSchemeName(scheme).startsWith('rsa');
    return isEcdsa ? 'for-ecdsa' : 'for-rsa';
  }

  #takeGroup(version: TlsVersion, group: number): void {
    const groups = this.#groups.get(version) ?? new Set();
    this.#groups.set(version, groups.add(group));
  }
}

function comesBefore(a: DhParameters, b: DhParameters): boolean {
  const [newer, older] = [a, b].map(({ version }) => TLS_VERSIONS.indexOf(version)) as [number, number];
  return newer === older ? a.cipherSuite < b.cipherSuite : newer > older;
}

/** By rank, and among equals by key: never by which came first. */
function sorted<T>(found: ReadonlyMap<string, T>, rank: (value: T) => number): T[] {
  return [...found]
    .sort(([a, one], [b, other]) => rank(one) - rank(other) || (a < b ? -1 : 1))
    .map(([, value]) => value);
}

const ASKED_ORDER: ReadonlyArray<ShownChain['asked']> = ['by-name', 'for-rsa', 'for-ecdsa', 'without-name'];

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
