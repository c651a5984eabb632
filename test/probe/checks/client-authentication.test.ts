import { describe, expect, it } from 'vitest';
import type { ClientRequest } from '../../../src/probe/client-auth.js';
import type { StrangerAnswer } from '../../../src/probe/http-facts.js';
import type { Observations } from '../../../src/probe/observations.js';
import type { RequestOutcome } from '../../../src/tls/request-outcome.js';
import { SIGNATURE_SCHEME } from '../../../src/tls/signature-scheme.js';
import type { TlsVersion } from '../../../src/tls/version.js';
import { commonNameOnly, parseName } from '../../../src/x509/name.js';
import { finding } from './observed-chains.js';

const STRONG = [SIGNATURE_SCHEME.ecdsa_secp256r1_sha256, SIGNATURE_SCHEME.ed25519];
const asks = (
  version: TlsVersion,
  { schemes = STRONG as readonly number[] | null, names = 1 } = {},
): ClientRequest => ({
  version,
  asked: true,
  request: {
    certificateTypes: [],
    signatureSchemes: schemes,
    signatureSchemesCert: null,
    certificateAuthorities: Array.from({ length: names }, () => new Uint8Array([0x30, 0])),
    context: new Uint8Array(),
  },
});
const silent = (version: TlsVersion): ClientRequest => ({ version, asked: false, request: null });
const untold = (version: TlsVersion): ClientRequest => ({ version, asked: null, request: null });

const observed = (change: Partial<Observations>): Observations =>
  ({
    clientRequests: [],
    strangers: [],
    acceptableCAs: [],
    clientAuth: { requested: true, required: true, enforcedBy: 'tls', acceptableCAs: [] },
    ...change,
  }) as unknown as Observations;
const requests = (id: string, ...clientRequests: ClientRequest[]) =>
  finding(id, observed({ clientRequests })).status;

const stranger = (
  path: string,
  version: StrangerAnswer['version'],
  change: Partial<RequestOutcome>,
): StrangerAnswer => ({
  path,
  version,
  outcome: {
    handshake: 'completed',
    ended: { kind: 'complete' },
    renegotiated: false,
    http: null,
    receivedBytes: 0,
    ...change,
  } as RequestOutcome,
});
const http = (status: number, body = ''): RequestOutcome['http'] => ({
  status,
  headers: {},
  body: Buffer.from(body),
  title: null,
  whole: true,
});

describe('versions of one endpoint', () => {
  it.each<[string, ClientRequest[], string]>([
    ['ask all', [asks('TLSv1.3'), asks('TLSv1.2')], 'pass'],
    ['ask in 1.2 alone', [silent('TLSv1.3'), asks('TLSv1.2')], 'fail'],
    ['ask in 1.3 alone', [asks('TLSv1.3'), silent('TLSv1.2')], 'fail'],
    ['ask in none', [silent('TLSv1.3'), silent('TLSv1.2')], 'not-applicable'],
    ['ask in one, untold in the other', [asks('TLSv1.3'), untold('TLSv1.2')], 'inconclusive'],
    ['are not told of', [], 'inconclusive'],
  ])('%s', (_what, clientRequests, status) => {
    expect(requests('asks-clients-in-every-version', ...clientRequests)).toBe(status);
  });
});

describe('a CertificateRequest', () => {
  it.each<[string, ClientRequest[], string, string]>([
    ['names a CA', [asks('TLSv1.3')], 'names-client-cas', 'pass'],
    [
      'names none in one version',
      [asks('TLSv1.3'), asks('TLSv1.2', { names: 0 })],
      'names-client-cas',
      'fail',
    ],
    ['is not there', [silent('TLSv1.3')], 'names-client-cas', 'not-applicable'],
    ['was not seen', [untold('TLSv1.3')], 'names-client-cas', 'inconclusive'],
    ['takes strong signatures', [asks('TLSv1.2')], 'client-signatures-strong', 'pass'],
    [
      'takes SHA-1 in one version',
      [asks('TLSv1.3'), asks('TLSv1.2', { schemes: [...STRONG, SIGNATURE_SCHEME.rsa_pkcs1_sha1] })],
      'client-signatures-strong',
      'fail',
    ],
    ['takes MD5', [asks('TLSv1.2', { schemes: [0x0101] })], 'client-signatures-strong', 'fail'],
    ['takes SHA-224', [asks('TLSv1.2', { schemes: [0x0301] })], 'client-signatures-strong', 'pass'],
    ['says nothing of it', [asks('TLSv1', { schemes: null })], 'client-signatures-strong', 'not-applicable'],
    ['was not seen at all', [], 'client-signatures-strong', 'inconclusive'],
  ])('%s', (_what, clientRequests, id, status) => {
    expect(requests(id, ...clientRequests)).toBe(status);
  });

  it('that names a whole bundle shows strangers whom a house trusts', () => {
    const names = (count: number) => ({
      acceptableCAs: Array.from({ length: count }, (_, at) => commonNameOnly(`CA ${at}`)),
    });

    expect(finding('names-few-client-cas', observed(names(8))).status).toBe('pass');
    expect(finding('names-few-client-cas', observed(names(9)))).toEqual({
      status: 'fail',
      evidence: '9 are named to everybody who connects: CN=CA 0; CN=CA 1; CN=CA 2 …',
    });
    expect(finding('names-few-client-cas', observed(names(0))).status).toBe('not-applicable');
  });
});

describe('a path', () => {
  const alert = { ended: { kind: 'alert', alert: 116 } } as const;

  it.each<[string, StrangerAnswer, string]>([
    ['is turned away in the handshake of 1.3', stranger('/', 'TLSv1.3', alert), 'pass'],
    [
      'is turned away in the handshake of 1.2',
      stranger('/', 'TLSv1.2', { ...alert, handshake: 'failed' }),
      'pass',
    ],
    ['is served', stranger('/', 'TLSv1.2', { http: http(200) }), 'pass'],
    ['is asked for by renegotiation', stranger('/a', 'TLSv1.2', { renegotiated: true }), 'fail'],
    ['is turned away by renegotiation', stranger('/a', 'TLSv1.2', alert), 'fail'],
    [
      'would be asked for after the handshake',
      stranger('/a', 'TLSv1.3', {
        http: http(403, 'Reason: Cannot perform Post-Handshake Authentication.<br />'),
      }),
      'fail',
    ],
    ['is forbidden', stranger('/a', 'TLSv1.3', { http: http(403, 'Forbidden') }), 'pass'],
  ])('%s', (_what, answer, status) => {
    expect(finding('asks-in-first-handshake', observed({ strangers: [answer] })).status).toBe(status);
  });

  it('is named where it is served to strangers, or where nothing can be told', () => {
    const strangers = [
      stranger('/', 'TLSv1.3', { http: http(200) }),
      stranger('/admin', 'TLSv1.3', alert),
      stranger('/me', 'TLSv1.3', { http: http(401) }),
    ];
    const judged = (required: boolean | null) =>
      finding(
        'requires-client-certificate',
        observed({
          strangers,
          clientAuth: { requested: true, required, enforcedBy: 'tls', acceptableCAs: [] },
        }),
      );

    expect(judged(false)).toEqual({
      status: 'fail',
      evidence: 'a request without a certificate was served: / by TLSv1.3',
    });
    expect(judged(null).evidence).toMatch(/does not tell: \/me by TLSv1.3$/);
    expect(judged(true).evidence).toMatch(/^by an alert in the handshake: \/ by/);
  });
});

describe('client certificates', () => {
  const asked = (clientAuth: Partial<Observations['clientAuth']>): Observations =>
    observed({
      clientAuth: { requested: true, required: true, enforcedBy: 'tls', acceptableCAs: [], ...clientAuth },
    });

  it.each([
    ['requests-client-certificate', { requested: true }, 'pass'],
    ['requests-client-certificate', { requested: false }, 'not-applicable'],
    ['requests-client-certificate', { requested: null }, 'inconclusive'],
    ['requires-client-certificate', { required: true }, 'pass'],
    ['requires-client-certificate', { required: false }, 'fail'],
    ['requires-client-certificate', { required: null }, 'inconclusive'],
    ['requires-client-certificate', { requested: false, required: false }, 'not-applicable'],
  ])('%s %o', (id, clientAuth, status) => {
    expect(finding(id, asked(clientAuth)).status).toBe(status);
  });

  it('of a CA that is not ours are told by name', () => {
    const ours = [commonNameOnly('root')];
    const both = [...ours, parseName('CN=Partner CA,O=Other')];
    const named = (acceptableCAs: typeof ours, ownCAs: typeof ours | null) =>
      finding('foreign-client-ca', observed({ acceptableCAs, ownCAs }));

    expect(named(both, ours)).toEqual({ status: 'fail', evidence: 'also accepts CN=Partner CA,O=Other' });
    expect(named(both, both).status).toBe('pass');
    expect(named([], ours).status).toBe('not-applicable');
    expect(named(both, null).status).toBe('not-applicable');
  });
});
