import type { Target } from '../tls/connect.js';
import { type PlainOutcome, plainHttp } from '../tls/plain-http.js';
import type { Certificate } from '../x509/certificate.js';
import { authorityInfoAccessOf } from '../x509/extensions/authority-info-access.js';
import { crlDistributionPointsOf } from '../x509/extensions/crl-distribution-points.js';
import type { GeneralName } from '../x509/general-name.js';
import { formatName } from '../x509/name.js';
import { encodeOcspRequest } from '../x509/ocsp-request.js';
import { OID } from '../x509/oid.js';
import { decodePem, looksLikePem } from '../x509/pem.js';
import type { Connections } from './connections.js';
import type { JudgedChain } from './judged-chain.js';
import { type RevocationFact, type RevocationProof, statusOf } from './revocation-facts.js';

/** Asks a URL of a certificate; the same question is asked once, however many chains lead to it. */
export type AskUrl = (url: string, ocspRequest?: Uint8Array) => Promise<PlainOutcome>;

/** Goes out by plain HTTP, through the proxy that leads to the endpoint where there is one. */
export function askByHttp({
  target: { proxy },
  timeoutMs,
}: Pick<Connections, 'target' | 'timeoutMs'>): AskUrl {
  const asked = new Map<string, Promise<PlainOutcome>>();
  return (url, body) => {
    const key = `${url} ${body ? Buffer.from(body).toString('base64') : ''}`;
    const known = asked.get(key);
    if (known !== undefined) return known;
    const answer = ask(url, body, timeoutMs, proxy);
    asked.set(key, answer);
    return answer;
  };
}

/** Asks the CRL distribution points and OCSP responders that the certificates of a path name. Only a path to an anchor is
 *  asked about: whoever made another chain chose its addresses. */
export async function askedRevocation(
  { trust }: Pick<JudgedChain, 'trust'>,
  askUrl: AskUrl,
  at: Date,
): Promise<RevocationFact[]> {
  if (trust.kind !== 'trusted') return [];
  const path = trust.path.path;
  const facts = path.slice(0, -1).flatMap((subject, depth) => {
    const issuer = path[depth + 1]!;
    return [
      ...ocspUrlsOf(subject).map((url) => askOcsp(url, subject, issuer, askUrl, at)),
      ...crlUrlsOf(subject).map((url) => askCrl(url, subject, issuer, askUrl, at)),
    ];
  });
  return Promise.all(facts);
}

/** Where the CRLs are that a certificate points to; those by other means than HTTP are left out. */
export function crlUrlsOf(certificate: Certificate): string[] {
  const names = (crlDistributionPointsOf(certificate) ?? []).flatMap(({ distributionPoint }) =>
    distributionPoint && 'fullName' in distributionPoint ? distributionPoint.fullName : [],
  );
  return httpUrls(names);
}

/** Where the OCSP responders of a certificate are. */
export function ocspUrlsOf(certificate: Certificate): string[] {
  const responders = (authorityInfoAccessOf(certificate) ?? []).filter(
    ({ accessMethod }) => accessMethod === OID.ocsp,
  );
  return httpUrls(responders.map(({ accessLocation }) => accessLocation));
}

async function askOcsp(
  url: string,
  subject: Certificate,
  issuer: Certificate,
  askUrl: AskUrl,
  at: Date,
): Promise<RevocationFact> {
  const outcome = await askUrl(url, encodeOcspRequest(subject, issuer));
  return factOf({ source: url, kind: 'ocsp' }, outcome, subject, issuer, at);
}

async function askCrl(
  url: string,
  subject: Certificate,
  issuer: Certificate,
  askUrl: AskUrl,
  at: Date,
): Promise<RevocationFact> {
  return factOf({ source: url, kind: 'crl' }, await askUrl(url), subject, issuer, at);
}

function factOf(
  origin: Pick<RevocationFact, 'source' | 'kind'>,
  outcome: PlainOutcome,
  subject: Certificate,
  issuer: Certificate,
  at: Date,
): RevocationFact {
  const about = { ...origin, subject: formatName(subject.subject) };
  if (outcome.kind !== 'answer') return { ...about, status: 'unknown', why: outcome.why };
  if (outcome.status !== 200) return { ...about, status: 'unknown', why: `HTTP ${outcome.status}` };
  if (!outcome.whole) return { ...about, status: 'unknown', why: 'the answer is cut off, or too large' };
  const proof: RevocationProof =
    origin.kind === 'ocsp' ? { ocsp: [outcome.body] } : { crls: [derOf(outcome.body)] };
  return { ...about, ...statusOf(subject, issuer, proof, at) };
}

/** A CRL is published in DER (RFC 5280 §4.2.1.13); many a small CA puts its PEM file there. */
function derOf(body: Uint8Array): Uint8Array {
  const text = Buffer.from(body).toString('latin1');
  if (!looksLikePem(text)) return body;
  try {
    return decodePem(text).find(({ label }) => label === 'X509 CRL')?.der ?? body;
  } catch {
    return body;
  }
}

async function ask(
  url: string,
  body: Uint8Array | undefined,
  timeoutMs: number,
  proxy: Target['proxy'],
): Promise<PlainOutcome> {
  const { hostname, port, pathname, search } = new URL(url);
  return plainHttp({
    target: {
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 80 : Number(port),
      ...(proxy && { proxy }),
    },
    method: body ? 'POST' : 'GET',
    path: `${pathname}${search}`,
    ...(body && { body, headers: { 'content-type': 'application/ocsp-request' } }),
    timeoutMs,
    maxBytes: MAX_BYTES,
  });
}

function httpUrls(names: readonly GeneralName[]): string[] {
  const urls = names.flatMap((name) => (name.type === 'uniformResourceIdentifier' ? [name.value] : []));
  return [...new Set(urls)]
    .filter((url) => URL.canParse(url) && new URL(url).protocol === 'http:')
    .slice(0, MAX_URLS);
}

/** The CRL of a large public CA has a few megabytes. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Of each kind, for one certificate. */
const MAX_URLS = 3;
