import { SslapiError } from '../errors.js';
import type { HandshakeOutcome } from '../tls/exchange.js';
import { fullOffer } from '../tls/full-offer.js';
import type { TlsVersion } from '../tls/version.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { DerReader } from '../x509/der.js';
import { formatName, type Name, readName } from '../x509/name.js';
import { clientAuthOf, clientRequestsOf } from './client-auth.js';
import type { Connections } from './connections.js';
import { gatherHttp, type HttpQuestion, strangerAnswers } from './gather-http.js';
import {
  type Observations,
  PROBED_VERSIONS,
  REQUEST_VERSIONS,
  speaks,
  spokenHandshakes,
} from './observations.js';
import type { ShownChain } from './scan.js';
import { shownChains } from './shown-chains.js';

/** What an endpoint is asked: its server_name, and requests to see what becomes of a stranger. */
export type Question = HttpQuestion;

interface Observed
  extends Pick<
    Observations,
    | 'handshakes'
    | 'chain'
    | 'certificates'
    | 'clientAuth'
    | 'acceptableCAs'
    | 'http'
    | 'strangers'
    | 'clientRequests'
  > {
  readonly shown: readonly ShownChain[];
}

/** Offers each version alone, then asks for a page without a certificate in each that came about. */
export async function observe(connections: Connections, question: Question): Promise<Observed> {
  const offered = await Promise.all(
    PROBED_VERSIONS.map(async (version): Promise<[TlsVersion, HandshakeOutcome]> => {
      const offer = fullOffer(question.servername, [version]);
      const isModern = version === 'TLSv1.2' || version === 'TLSv1.3';
      return [version, await connections.exchange(offer, { until: isModern ? 'flight' : 'server-hello' })];
    }),
  );
  const handshakes = new Map(offered);
  const flights = spokenHandshakes({ handshakes }).map(([, { flight }]) => flight);
  const chain = flights.find(({ certificate }) => certificate !== null)?.certificate?.chain ?? [];
  const requests = flights.flatMap(({ certificateRequest }) => certificateRequest ?? []);
  const acceptableCAs = distinctNames(
    requests.flatMap(({ certificateAuthorities }) => certificateAuthorities),
  );
  const versions = REQUEST_VERSIONS.filter((version) => speaks(handshakes, version));
  const asking = strangerAnswers(connections, question, versions);
  const http = await gatherHttp(connections, question, versions, asking);
  const strangers = await asking;
  const answers = strangers.map(({ outcome }) => outcome);
  const isWhole = flights.some(({ ended }) => ended.kind === 'complete');
  const requested = requests.length > 0 ? true : isWhole ? false : null;
  const clientAuth = { ...clientAuthOf(requested, answers), acceptableCAs: acceptableCAs.map(formatName) };
  const clientRequests = clientRequestsOf({ handshakes });
  const shown = shownChains({ handshakes });
  const certificates = readable(chain);
  return {
    handshakes,
    chain,
    certificates,
    clientAuth,
    acceptableCAs,
    http,
    strangers,
    clientRequests,
    shown,
  };
}

function readable(chain: readonly Uint8Array[]): Certificate[] {
  return chain.flatMap((der) => orNothing(() => parseCertificate(der)));
}

function distinctNames(encoded: readonly Uint8Array[]): Name[] {
  const distinct = new Map(encoded.map((der) => [Buffer.from(der).toString('latin1'), der]));
  return [...distinct.values()].flatMap((der) => orNothing(() => readName(new DerReader(der))));
}

/** What cannot be read is left out: the report says of the chain what it is. */
function orNothing<T>(read: () => T): T[] {
  try {
    return [read()];
  } catch (error) {
    if (error instanceof SslapiError) return [];
    throw error;
  }
}
