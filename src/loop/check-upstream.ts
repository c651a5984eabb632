import { IDENTITY_FIELDS } from '../policy/identity-fields.js';
import type { CheckResult } from '../probe/check.js';
import { getRequest, requestWith } from '../probe/http-request.js';
import { request } from '../tls/request.js';
import type { RequestOutcome } from '../tls/request-outcome.js';
import { PROOF_CLIENT, type ProofPki } from './proof-pki.js';
import { DEFAULT_SERVER } from './served-certificate.js';

/** What the upstream behind a server hears of its clients: who they are, and nothing that they say of themselves in the
 *  names by which an identity is handed over. It answers with what it heard.
 *  @param port of the server, on loopback */
export async function checkUpstream(pki: ProofPki, port: number): Promise<readonly CheckResult[]> {
  const plain = getRequest({ host: DEFAULT_SERVER, port }, DEFAULT_SERVER, '/');
  const ask = (fields: ReadonlyArray<readonly [string, string]>): Promise<RequestOutcome> =>
    request({
      target: { host: '127.0.0.1', port },
      servername: DEFAULT_SERVER,
      version: 'TLSv1.3',
      certificate: { chain: pki.client.chain, key: pki.client.privateKey },
      request: requestWith(plain, fields),
      timeoutMs: 10_000,
    });
  const [honest, ...forging] = await Promise.all([ask([]), ...FORGERIES.map(ask)]);
  return [hearsClient(heardIn(honest!)), hearsNoForgery(forging.map(heardIn))];
}

/** The fields that the upstream got, or that the server refused the request; words where nothing is known. */
type Heard = Readonly<Record<string, unknown>> | typeof REFUSED | string;

function heardIn({ http, ended }: RequestOutcome): Heard {
  if (http === null) return `no answer (${ended.kind})`;
  try {
    const body: unknown = JSON.parse(Buffer.from(http.body).toString('utf8'));
    if (http.status === 200 && typeof body === 'object' && body !== null)
      return body as Readonly<Record<string, unknown>>;
  } catch {
    // the server's own page
  }
  if (http.status >= 400 && http.status < 500) return REFUSED;
  return `HTTP ${http.status}, which is not what the upstream answers`;
}

function hearsClient(heard: Heard): CheckResult {
  const claim = {
    id: 'upstream-hears-client',
    title: 'Tells the upstream who the client is',
    severity: 'high',
    citation: 'RFC 9440 §2',
    remediation: 'Set a header field to the subject of the verified certificate, as the template does.',
  } as const;
  if (typeof heard !== 'object')
    return { ...claim, status: 'inconclusive', evidence: typeof heard === 'string' ? heard : 'refused' };
  const [name, value] =
    Object.entries(heard).find(([, one]) => String(one).includes(`CN=${PROOF_CLIENT}`)) ?? [];
  if (name === undefined)
    return { ...claim, status: 'fail', evidence: `no field says CN=${PROOF_CLIENT}: ${fieldsIn(heard)}` };
  return { ...claim, status: 'pass', evidence: `${name}: ${String(value)}` };
}

function hearsNoForgery(heard: readonly Heard[]): CheckResult {
  const claim = {
    id: 'upstream-hears-no-forgery',
    title: 'Passes no identity on that a client has made up',
    severity: 'critical',
    citation: 'CWE-290; RFC 9440 §4',
    remediation:
      'Take these header fields out of every request before setting them, with hyphens and with underscores.',
  } as const;
  const forged = (one: Heard): string[] =>
    typeof one === 'object'
      ? Object.entries(one).flatMap(([name, value]) => (String(value).includes(FORGED) ? [name] : []))
      : [];
  const passedOn = [...new Set(heard.flatMap(forged))];
  if (passedOn.length > 0)
    return { ...claim, status: 'fail', evidence: `passed on as the client sent it: ${passedOn.join(', ')}` };
  const untold = heard.find((one) => typeof one === 'string');
  if (untold !== undefined) return { ...claim, status: 'inconclusive', evidence: String(untold) };
  const refused = heard.filter((one) => one === REFUSED).length;
  const evidence = `${IDENTITY_FIELDS.length} names, with hyphens and with underscores${refused === 0 ? '' : `; ${refused} of the requests were refused`}`;
  return { ...claim, status: 'pass', evidence };
}

function fieldsIn(heard: Readonly<Record<string, unknown>>): string {
  return Object.keys(heard).join(', ');
}

const REFUSED = Symbol('refused');
const FORGED = 'forged-by-the-client';
/** All of them as they are; and one by one with underscores, which frameworks take for hyphens and some servers refuse. */
const FORGERIES = [IDENTITY_FIELDS, ...IDENTITY_FIELDS.map((name) => [name.replaceAll('-', '_')])].map(
  (names) => names.map((name) => [name, FORGED] as const),
);
