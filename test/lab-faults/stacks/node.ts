import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import { createServer, type Server, type ServerOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { NAMED_ALIKE, NO_CRL, UNVERIFIED } from '../common-faults.js';
import type { LabCase } from '../fault.js';
import type { FaultPki } from '../fault-pki.js';

/** A case that is a few lines of JavaScript: the options of a server, and what its application answers. */
export interface NodeCase extends LabCase {
  readonly options?: (pki: FaultPki) => ServerOptions;
  /** Whether it speaks HTTP/2 as well. */
  readonly http2?: boolean;
  /** Whether the application lets a request in. */
  readonly admits?: (socket: TLSSocket, request: IncomingMessage, pki: FaultPki) => boolean;
}

/** In TLS 1.2 Node ends the connection for these, whatever it was told. */
const SIGNED_BADLY: readonly string[] = ['rogue-ca', 'tampered-signature', 'tampered-body'];

/** node:https, and what people make of `requestCert` and `authorized`. */
export const NODE: readonly NodeCase[] = [
  { fault: null, caughtBy: [] },
  {
    fault: null,
    caughtBy: [],
    options: undecided,
    admits: (socket) => socket.authorized && hasCertificate(socket),
  },
  { fault: '`requestCert: false`', caughtBy: ['none'], options: () => ({ requestCert: false }) },
  {
    fault: '`rejectUnauthorized: false`, and nobody asks for `authorized`',
    caughtBy: ['none', ...UNVERIFIED],
    options: undecided,
  },
  { fault: 'no CRL', caughtBy: NO_CRL, options: () => ({ crl: [] }) },
  {
    fault: 'newest CRL deployed, but not read again',
    caughtBy: ['revoked-latest'],
    options: ({ crls }) => ({ crl: crlsIn(crls.deployed) }),
  },
  {
    fault: 'CRL of the issuing CA alone',
    caughtBy: ['good'],
    as: 'inconclusive',
    options: ({ crls }) => ({ crl: crlsIn(crls.issuing) }),
  },
  {
    fault: 'all CRLs as one string: Node reads the first',
    caughtBy: ['good'],
    as: 'inconclusive',
    options: ({ files }) => ({ crl: crlsIn(files.crlChain).join('') }),
  },
  {
    fault: 'expired CRL',
    caughtBy: ['good'],
    as: 'inconclusive',
    options: ({ crls }) => ({ crl: crlsIn(crls.expired) }),
  },
  {
    fault: 'CRL of another CA',
    caughtBy: ['good'],
    as: 'inconclusive',
    options: ({ crls }) => ({ crl: crlsIn(crls.others) }),
  },
  {
    fault: 'wrong CA bundle',
    caughtBy: ['foreign-client-ca'],
    options: ({ cas }) => ({ ca: textOf(cas.others), crl: [] }),
  },
  {
    fault: 'another CA trusted, too',
    caughtBy: ['foreign-client-ca'],
    options: ({ cas }) => ({ ca: textOf(cas['ours and others']) }),
  },
  {
    fault: 'the system’s CAs trusted, too',
    caughtBy: ['foreign-client-ca'],
    options: ({ cas }) => ({ ca: textOf(cas['ours and the system’s']) }),
  },
  {
    fault: '`authorized` checked, but not on one path',
    caughtBy: ['none', ...UNVERIFIED],
    probe: { paths: ['/', '/metrics'] },
    where: { path: '/metrics' },
    options: undecided,
    admits: (socket, { url }) => (socket.authorized && hasCertificate(socket)) || url === '/metrics',
  },
  {
    fault: '`authorized` checked for POST alone',
    caughtBy: ['none', ...UNVERIFIED],
    options: undecided,
    admits: ({ authorized }, { method }) => authorized || method !== 'POST',
  },
  {
    fault: '`authorized` checked in TLS 1.3 alone',
    caughtBy: ['none', ...UNVERIFIED.filter((id) => !SIGNED_BADLY.includes(id))],
    where: { tlsVersion: 'TLSv1.2' },
    options: undecided,
    admits: (socket) => (socket.authorized && hasCertificate(socket)) || socket.getProtocol() !== 'TLSv1.3',
  },
  {
    fault: '`authorized` alone: a session that a stranger began counts as such in TLS 1.3',
    caughtBy: ['resumed-stranger'],
    options: undecided,
    admits: ({ authorized }) => authorized,
  },
  {
    fault: '`authorized` checked only where there is a certificate',
    caughtBy: ['none'],
    options: undecided,
    admits: (socket) => socket.authorized || !hasCertificate(socket),
  },
  {
    fault: 'any certificate will do: `getPeerCertificate()` is not empty',
    caughtBy: [...UNVERIFIED, 'resumed-stranger'],
    options: undecided,
    admits: hasCertificate,
  },
  {
    fault: 'told apart by the subject’s name',
    caughtBy: [...UNVERIFIED, 'resumed-stranger'],
    options: undecided,
    admits: (socket) => socket.getPeerCertificate().subject?.CN === 'sslapi-probe',
  },
  {
    fault: 'told apart by the issuer’s name',
    caughtBy: [...NAMED_ALIKE, 'unknown-critical-extension'],
    options: undecided,
    admits: (socket, _request, { names }) =>
      `CN=${socket.getPeerCertificate().issuer?.CN}`.startsWith(names.issuing),
  },
  {
    fault: '`CERT_HAS_EXPIRED` let pass',
    caughtBy: ['expired', 'expired-issuer'],
    options: undecided,
    admits: tolerating('CERT_HAS_EXPIRED'),
  },
  {
    fault: '`CERT_NOT_YET_VALID` let pass',
    caughtBy: ['not-yet-valid'],
    options: undecided,
    admits: tolerating('CERT_NOT_YET_VALID'),
  },
  {
    fault: '`INVALID_PURPOSE` let pass: the server’s own certificate will do',
    caughtBy: ['eku-server-only', 'eku-code-signing'],
    options: undecided,
    admits: tolerating('INVALID_PURPOSE'),
  },
  {
    fault: '`CERT_REVOKED` let pass',
    caughtBy: NO_CRL,
    options: undecided,
    admits: tolerating('CERT_REVOKED'),
  },
  {
    fault: '`DEPTH_ZERO_SELF_SIGNED_CERT` let pass, no CRL',
    caughtBy: ['self-signed', ...NO_CRL, 'resumed-stranger'],
    options: () => ({ ...undecided(), crl: [] }),
    admits: tolerating('DEPTH_ZERO_SELF_SIGNED_CERT'),
  },
  {
    fault: 'unknown issuers let pass, no CRL',
    caughtBy: ['other-ca', ...NO_CRL],
    options: () => ({ ...undecided(), crl: [] }),
    admits: tolerating('UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'SELF_SIGNED_CERT_IN_CHAIN'),
  },
  {
    fault: 'checked in HTTP/1.1 alone',
    caughtBy: ['none', ...UNVERIFIED],
    where: { alpn: 'h2' },
    http2: true,
    options: undecided,
    admits: (socket, { httpVersion }) =>
      (socket.authorized && hasCertificate(socket)) || httpVersion !== '1.1',
  },
  {
    fault: '`X-SSL-Client-Verify: SUCCESS` believed as from a proxy',
    caughtBy: ['spoofed-header'],
    options: undecided,
    admits: (socket, { headers }) =>
      (socket.authorized && hasCertificate(socket)) || headers['x-ssl-client-verify'] === 'SUCCESS',
  },
  {
    fault: 'checked for one name alone',
    caughtBy: ['other-servername'],
    options: undecided,
    admits: (socket, { headers }) =>
      (socket.authorized && hasCertificate(socket)) || !headers.host?.startsWith('localhost'),
  },
  { fault: null, caughtBy: [], live: true },
  {
    fault: 'keys of tickets shared, and the same after a reload (`ticketKeys`)',
    caughtBy: ['resumed-after-revocation'],
    live: true,
    options: () => ({ ticketKeys: Buffer.alloc(48, 7), sessionIdContext: 'api' }),
  },
  {
    fault: 'one client’s page open to every other',
    caughtBy: ['wrong-identity'],
    probe: { identities: [{ name: 'alice', path: '/alice' }] },
  },
  {
    fault: null,
    caughtBy: [],
    probe: { identities: [{ name: 'alice', path: '/alice' }] },
    admits: (socket, { url }) => url !== '/alice' || socket.getPeerCertificate().subject.CN === 'alice',
  },
];

/** Starts a server in this process. */
export async function startNode(
  one: NodeCase,
  pki: FaultPki,
  port: number,
): Promise<Server | Http2SecureServer> {
  const options = optionsOf(one, pki);
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const socket = request.socket as TLSSocket;
    response.statusCode = (one.admits?.(socket, request, pki) ?? true) ? 200 : 403;
    response.end('hello\n');
  };
  const server = one.http2
    ? createSecureServer({ ...options, allowHTTP1: true }, answer as never)
    : createServer(options, answer);
  server.on('tlsClientError', () => undefined);
  server.listen(port, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return server;
}

/** What it is started on, and put on again when it is reloaded. */
export function optionsOf({ options }: NodeCase, pki: FaultPki): ServerOptions {
  const { fullchain, privkey, caChain, crlChain } = pki.files;
  return {
    cert: readFileSync(fullchain),
    key: readFileSync(privkey),
    ca: textOf(caChain),
    crl: crlsIn(crlChain),
    requestCert: true,
    rejectUnauthorized: true,
    ...options?.(pki),
  };
}

/** Leaves it to the application. */
function undecided(): ServerOptions {
  return { rejectUnauthorized: false };
}

function tolerating(...codes: readonly string[]): NonNullable<NodeCase['admits']> {
  return (socket) =>
    hasCertificate(socket) &&
    (socket.authorized || codes.includes(socket.authorizationError as unknown as string));
}

function hasCertificate(socket: TLSSocket): boolean {
  return Object.keys(socket.getPeerCertificate()).length > 0;
}

/** Node takes the first CRL of each string. */
function crlsIn(path: string): string[] {
  return textOf(path).match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----\n/g) ?? [];
}

function textOf(path: string): string {
  return readFileSync(path, 'latin1');
}
