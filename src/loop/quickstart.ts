import { setTimeout as sleep } from 'node:timers/promises';
import { CertificateAuthority } from '../ca/certificate-authority.js';
import type { CertificateFiles } from '../ca/certificate-view.js';
import type { Issued } from '../ca/issue.js';
import { credentialContext } from '../credentials/credential-context.js';
import { selfSigned } from '../credentials/self-signed.js';
import type { RunningServer } from '../server/listener.js';
import { alertName } from '../tls/alert.js';
import { request } from '../tls/request.js';
import type { RequestCertificate, RequestOutcome } from '../tls/request-outcome.js';
import { commonNameOnly } from '../x509/name.js';
import { decodePem, encodePem } from '../x509/pem.js';
import { serveApi } from './serve-api.js';
import { DEFAULT_SERVER, LOCAL_NAMES } from './served-certificate.js';

/** One thing that the loop did. */
export interface QuickstartStep {
  readonly ok: boolean;
  readonly text: string;
}

export interface QuickstartOptions {
  /** The pki folder to make. */
  readonly pki: string;
  readonly onStep?: (step: QuickstartStep) => void;
}

export interface QuickstartOutcome {
  /** Whether all that had to be let in was, and nobody else. */
  readonly ok: boolean;
  readonly steps: readonly QuickstartStep[];
  /** Absolute. */
  readonly folder: string;
  readonly caCertificate: string;
  readonly client: CertificateFiles;
  readonly server: CertificateFiles;
}

/** The whole round in one process: a CA, a server, two clients, calls that are let in and calls that are refused. It ends by
 *  itself and leaves the PKI ready for use. @throws SslapiError ERR_CA_EXISTS where there is one */
export async function quickstart({ pki, onStep }: QuickstartOptions): Promise<QuickstartOutcome> {
  const steps: QuickstartStep[] = [];
  const tell = (step: QuickstartStep): void => {
    steps.push(step);
    onStep?.(step);
  };
  const { ca } = await CertificateAuthority.create({ pki, passphrase: null, throwAway: true });
  try {
    const { alice, mallory, server } = await issueAll(ca, tell);
    await tryOut(ca, alice, mallory, tell);
    return {
      ok: steps.every(({ ok }) => ok),
      steps,
      folder: ca.folder.path,
      caCertificate: ca.folder.at('ca.crt'),
      client: alice.files,
      server: server.files,
    };
  } finally {
    await ca.close();
  }
}

type Tell = (step: QuickstartStep) => void;

interface IssuedAll {
  readonly server: Issued;
  readonly alice: Issued;
  readonly mallory: Issued;
}

async function issueAll(ca: CertificateAuthority, tell: Tell): Promise<IssuedAll> {
  const done = (text: string): void => tell({ ok: true, text });
  done(
    `CA in ${ca.folder.path}: a root and an issuing CA. Its keys have no password: it is one to throw away`,
  );
  const server = await ca.issueServer({ commonName: DEFAULT_SERVER, subjectAltName: LOCAL_NAMES });
  done(`server certificate "${DEFAULT_SERVER}" for localhost, 127.0.0.1 and ::1`);
  const alice = await ca.issueClient({ commonName: 'alice' });
  const mallory = await ca.issueClient({ commonName: 'mallory' });
  done('client certificates "alice" and "mallory"');
  return { server, alice, mallory };
}

async function tryOut(ca: CertificateAuthority, alice: Issued, mallory: Issued, tell: Tell): Promise<void> {
  const listen = { host: '127.0.0.1', port: 0 };
  const api = await serveApi({ ca, serverName: DEFAULT_SERVER, listen, clientAuth: 'require' });
  try {
    tell({
      ok: true,
      text: `demo API on https://localhost:${api.address.port}, client certificates required`,
    });
    const call = (certificate: RequestCertificate | null) => callApi(ca, api, certificate);
    tell(letIn('alice', await call(presented(alice))));
    tell(letIn('mallory', await call(presented(mallory))));
    await ca.revoke(await ca.find('mallory'), { reason: 'keyCompromise' });
    tell({ ok: true, text: 'revoked "mallory" (keyCompromise) and published the CRL' });
    tell(keptOut('mallory, revoked', await onceRefused(() => call(presented(mallory)))));
    tell(keptOut('nobody, without a certificate', await call(null)));
    tell(keptOut('a stranger who calls himself alice, self-signed', await call(await stranger(ca))));
  } finally {
    await api.close();
  }
}

function callApi(
  ca: CertificateAuthority,
  { address }: Pick<RunningServer, 'address'>,
  certificate: RequestCertificate | null,
): Promise<RequestOutcome> {
  return request({
    target: address,
    servername: DEFAULT_SERVER,
    version: 'TLSv1.3',
    ca: ca.authorities.map(({ parsed }) => encodePem('CERTIFICATE', parsed.der)),
    certificate,
    request: Buffer.from('GET /whoami HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'),
    timeoutMs: 10_000,
  });
}

/** A revocation is known to the server within a second: until then it is asked again. */
async function onceRefused(call: () => Promise<RequestOutcome>): Promise<RequestOutcome> {
  const until = performance.now() + KNOWN_WITHIN_MS;
  for (;;) {
    const outcome = await call();
    if (outcome.http?.status !== 200 || performance.now() >= until) return outcome;
    await sleep(ASK_EVERY_MS);
  }
}

/** A good call: our server's own certificate is good, and it knows who called. */
function letIn(name: string, outcome: RequestOutcome): QuickstartStep {
  const { http, authorized, protocol, cipherSuite } = outcome;
  const ok = authorized && http?.status === 200 && fieldOf(http.body, 'identity') === name;
  if (ok) return { ok, text: `${name}: let in, HTTP 200, ${protocol} with ${cipherSuite}` };
  const why = authorized ? heard(outcome) : "the server's certificate is not trusted";
  return { ok, text: `${name}: should have been let in, but ${why}` };
}

function keptOut(who: string, outcome: RequestOutcome): QuickstartStep {
  const { http, handshake, ended } = outcome;
  if (http !== null) {
    const ok = http.status === 401 || http.status === 403;
    return {
      ok,
      text: ok
        ? `${who}: refused, ${heard(outcome)}`
        : `${who}: should have been refused, but ${heard(outcome)}`,
    };
  }
  const ok =
    ended.kind === 'alert' || (handshake === 'completed' && (ended.kind === 'eof' || ended.kind === 'reset'));
  return { ok, text: `${who}: ${ok ? 'refused' : 'should have been refused'}, ${heard(outcome)}` };
}

function heard({ http, ended }: RequestOutcome): string {
  if (http !== null) {
    const message = fieldOf(fieldOf(http.body, 'error'), 'message');
    return `HTTP ${http.status}${typeof message === 'string' ? `: ${message}` : ''}`;
  }
  return ended.kind === 'alert' ? `TLS alert ${alertName(ended.alert)}` : `no answer (${ended.kind})`;
}

function presented({ fullchain, privateKey }: Issued): RequestCertificate {
  return { chain: decodePem(fullchain).map(({ der }) => der), key: privateKey };
}

async function stranger(ca: CertificateAuthority): Promise<RequestCertificate> {
  const made = await selfSigned.make(credentialContext(ca, new Date(), { subject: commonNameOnly('alice') }));
  return { chain: made?.chain ?? [], key: made?.privateKey ?? '' };
}

/** A field of a JSON object, or of the octets of one; undefined where there is none. */
function fieldOf(body: unknown, name: string): unknown {
  const value = body instanceof Uint8Array ? parsed(body) : body;
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

const KNOWN_WITHIN_MS = 1_000;
const ASK_EVERY_MS = 50;
