import type { MintedCredential } from '../credentials/credential.js';
import { SslapiError } from '../errors.js';
import type { HandshakeOutcome } from '../tls/exchange.js';
import { type Certificate, parseCertificate } from '../x509/certificate.js';
import { DerReader } from '../x509/der.js';
import { formatName, type Name, readName } from '../x509/name.js';
import { clientAuthOf, clientRequestsOf } from './client-auth.js';
import type { Connections } from './connections.js';
import { gatherHttp, type HttpQuestion, strangerAnswers } from './gather-http.js';
import { type Observations, REQUEST_VERSIONS, speaks, spokenHandshakes } from './observations.js';
import { handshakesOf } from './scan/opening.js';
import { startScan } from './scan/run-scan.js';
import type { Scan } from './scan.js';

/** What an endpoint is asked: its server_name, and requests to see what becomes of a stranger. */
export interface Question extends HttpQuestion {
  /** With as few connections as can be. */
  readonly gentle: boolean;
  /** What the first hello came to, `fullOffer` with that server_name. */
  readonly first: HandshakeOutcome;
  /** Who looks at sessions where no stranger gets in; null where there is only a stranger. */
  readonly insider: MintedCredential | null;
}

type Observed = Pick<
  Observations,
  | 'handshakes'
  | 'scan'
  | 'chain'
  | 'certificates'
  | 'clientAuth'
  | 'acceptableCAs'
  | 'http'
  | 'strangers'
  | 'clientRequests'
>;

/** Scans the endpoint, and asks it for pages without a certificate in each version that it speaks. */
export async function observe(connections: Connections, question: Question): Promise<Observed> {
  const { servername, requests, gentle, first, insider } = question;
  const request = [...requests.values()][0] ?? new Uint8Array();
  const { opening, finish } = await startScan(connections, {
    ...{ servername, request, gentle, first },
    certificate: insider && { chain: insider.chain, key: insider.privateKey },
  });
  const [scan, handshakes, pages] = await Promise.all([
    finish(),
    handshakesOf(opening),
    askPages(connections, question, handshakesOf(opening)),
  ]);
  return { handshakes, scan, ...pages, ...seenIn(handshakes, scan, pages.strangers) };
}

/** What strangers and the client, if there is one, get. */
async function askPages(
  connections: Connections,
  question: Question,
  known: Promise<Observations['handshakes']>,
): Promise<Pick<Observations, 'http' | 'strangers'>> {
  const handshakes = await known;
  const versions = REQUEST_VERSIONS.filter((version) => speaks(handshakes, version));
  const asking = strangerAnswers(connections, question, versions);
  const http = await gatherHttp(connections, question, versions, asking);
  return { http, strangers: await asking };
}

/** What handshakes and strangers' requests tell. */
function seenIn(
  handshakes: Observations['handshakes'],
  scan: Scan,
  strangers: Observations['strangers'],
): Omit<Observed, 'handshakes' | 'scan' | 'http' | 'strangers'> {
  const flights = spokenHandshakes({ handshakes }).map(([, { flight }]) => flight);
  const requests = flights.flatMap(({ certificateRequest }) => certificateRequest ?? []);
  const acceptableCAs = distinctNames(
    requests.flatMap(({ certificateAuthorities }) => certificateAuthorities),
  );
  const isWhole = flights.some(({ ended }) => ended.kind === 'complete');
  const requested = requests.length > 0 ? true : isWhole ? false : null;
  const answers = strangers.map(({ outcome }) => outcome);
  const chain = scan.chains[0]?.chain ?? [];
  return {
    chain,
    certificates: readable(chain),
    clientAuth: { ...clientAuthOf(requested, answers), acceptableCAs: acceptableCAs.map(formatName) },
    acceptableCAs,
    clientRequests: clientRequestsOf({ handshakes }),
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
