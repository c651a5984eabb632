// --- Who is let in.

/** What stands before the application: nothing reaches it that has not passed here. */
function gated(application) {
  return (request, response) => {
    response.setHeader('Strict-Transport-Security', 'max-age={{hsts_max_age}}'); // browsers shall never come back without TLS
    try {
      admit(request, response);
    } catch (error) {
      return sendRefusal(response, error);
    }
    return application(request, response);
  };
}

/** Puts the verified identity, or null, into the request. The handshake has judged the certificate; here is judged, with
 *  each request, what may have changed since, and who may do how much. */
function admit(request, response) {
  const connection = connections.get(request.socket);
  // The certificates and CRLs have been read anew: nobody is let in on what held before.
  if (connection.generation !== generation) throw new Refusal(421, 'connect again', { Connection: 'close' });
  if (Date.now() - connection.openedAt > LIMITS.connectionLifeMs) response.setHeader('Connection', 'close');
  if (!request.url.startsWith('/')) throw new Refusal(400, 'only a path may stand in the request line');
{{#client_auth}}
  connection.identity ??= identityOn(request.socket);
  const { identity } = connection;
  if (identity !== null && identity.notAfter < new Date()) {
    throw new Refusal(403, 'the client certificate has expired');
  }
{{#require}}
  if (ALLOWED.length > 0) mustBeOneOf(ALLOWED, identity);
{{/require}}
{{#optional}}
  if (ALLOWED.length > 0 && identity !== null) mustBeOneOf(ALLOWED, identity);
{{/optional}}
  if (!isWithinLimit(identity?.subject ?? request.socket.remoteAddress)) {
{{/client_auth}}
{{^client_auth}}
  const identity = null;
  if (!isWithinLimit(request.socket.remoteAddress)) {
{{/client_auth}}
    throw new Refusal(429, 'too many requests', { 'Retry-After': String(LIMITS.windowMs / 1000) });
  }
  request.identity = identity;
}
{{#client_auth}}

/** Whom the handshake has verified. */
function identityOn(socket) {
  const certificate = socket.getPeerX509Certificate();
{{#require}}
  if (!certificate) throw new Refusal(403, 'a client certificate is needed');
{{/require}}
{{#optional}}
  if (!certificate) return null; // nameless: what they may see is decided by each route
{{/optional}}
  // Both questions are needed. A certificate alone may be anybody's; and `authorized` alone is true of a session of
  // TLS 1.3 that was begun without a certificate.
  if (!socket.authorized) {
    throw new Refusal(403, `the client certificate is not good: ${socket.authorizationError}`);
  }
  return {
    subject: distinguishedName(certificate.subject),
    issuer: distinguishedName(certificate.issuer),
    names: alternativeNames(certificate.subjectAltName),
    serialNumber: certificate.serialNumber,
    fingerprint256: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
    notAfter: new Date(certificate.validTo),
    certificate: certificate.raw,
  };
}

/** Throws unless the client is one of them, by its whole subject or by a name of its subjectAltName. A part of a subject
 *  is never compared: `CN=alice` is in `CN=alice,O=Evil` too. */
function mustBeOneOf(known, identity) {
  const own = identity === null ? [] : [identity.subject, ...identity.names];
  if (!own.some((name) => known.includes(name))) throw new Refusal(403, 'you may not do that');
}

/** A name as RFC 4514 writes it, last part first. Node gives a part a line, with control characters and backslashes
 *  escaped already; the rest is escaped here, so that no value can pass for two. */
function distinguishedName(lines) {
  const parts = lines.split('\n').map((line) => {
    const [, type, value] = /^([^=]*)=(.*)$/s.exec(line);
    return `${type}=${value.replaceAll(/[,+"<>;]|^[ #]| $/g, '\\$&')}`;
  });
  return parts.reverse().join(',');
}

/** `DNS:api.test`, `URI:spiffe://acme/api`, `email:…`, `IP:…`. What could pass for another name Node puts into
 *  quotes; whatever comes after something that cannot be read is left out. */
function alternativeNames(text = '') {
  const found = text.matchAll(/([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^",]*)(?:, |$)/gy);
  return [...found].map(([, type, value]) => {
    const name = value.startsWith('"') ? JSON.parse(value) : value;
    return `${type === 'IP Address' ? 'IP' : type}:${name}`;
  });
}
{{/client_auth}}

/** Counts in windows that are forgotten as a whole: no client can fill the memory for longer than that. */
function isWithinLimit(who) {
  const count = (requests.get(who) ?? 0) + 1;
  requests.set(who, count);
  return count <= LIMITS.requests;
}

const requests = new Map();
setInterval(() => requests.clear(), LIMITS.windowMs).unref();

/** Why a request is not answered. */
class Refusal extends Error {
  constructor(statusCode, message, headers = {}) {
    super(message);
    this.statusCode = statusCode;
    this.headers = headers;
  }
}

function sendRefusal(response, error) {
  const { statusCode = 500, message, headers } = error;
  if (response.headersSent) return response.destroy();
  if (statusCode >= 500) log('failed', { error: error.stack });
  const body = JSON.stringify({ error: statusCode < 500 ? message : 'something went wrong' });
  response.writeHead(statusCode, { 'Content-Type': 'application/json', ...headers }).end(`${body}\n`);
}

// --- TLS.

/** What the server is told; read anew from the files each time. Throws where they cannot be used, or not together. */
function tlsOptions() {
  const cert = readFileSync(FILES.certificate);
  const key = readFileSync(FILES.privateKey);
  if (!new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) {
    throw new Error(`${FILES.privateKey} is not the key of ${FILES.certificate}`);
  }
  return {
    cert,
    key,
    // What the level "{{level}}" allows. The client's order of suites is followed: it knows whether its processor is
    // better at AES or at ChaCha20, and all of these are strong.
    minVersion: '{{minimum_version}}',
    ciphers: CIPHERS.join(':'),
    ecdhCurve: '{{groups}}',
    honorCipherOrder: false,
    // No resumption: with tickets a client that was revoked could go on with its old session, and nobody would look at
    // its certificate again. Keep-alive makes up for most of it.
    secureOptions: constants.SSL_OP_NO_TICKET,
{{#client_auth}}
    // Only their names are sent to clients as acceptable, only their certificates get in.
    ca: readFileSync(FILES.clientCas),
    // As a list: of several CRLs in one string Node reads the first alone. Where the CRL of one CA is missing, or out of
    // date, nobody gets in: `sslapi gen-crl --refresh` from cron, daily.
    crl: crlsIn(readFileSync(FILES.crls, 'latin1')),
    requestCert: true,
{{#require}}
    // Everybody must show a certificate of ours. Node ends the connection of whoever has none or a bad one, in the
    // middle of the handshake or right after it; what it found is in our log.
    rejectUnauthorized: true,
{{/require}}
{{#optional}}
    // A certificate is asked for, and who has none may come in all the same. So Node must let all of them through the
    // handshake, bad ones too: identityOn() tells them apart, and answers 403 to the bad ones.
    rejectUnauthorized: false,
{{/optional}}
{{/client_auth}}
    handshakeTimeout: 10_000,
    headersTimeout: 10_000,
    requestTimeout: 30_000,
    keepAliveTimeout: 30_000,
    connectionsCheckingInterval: 1000,
    maxHeaderSize: LIMITS.headerBytes,
  };
}

const CIPHERS = [
  {{cipher_list}}
{{#tls12}}
  '@SECLEVEL=2', // no RSA key under 2,048 bits, in the certificates of clients either
{{/tls12}}
{{^tls12}}
  'DEFAULT@SECLEVEL=2', // for the strength of keys; the suites of DEFAULT are TLS 1.2's, which is not spoken here
{{/tls12}}
];
{{#client_auth}}

function crlsIn(text) {
  const crls = text.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g);
  if (crls === null) throw new Error(`there is no CRL in ${FILES.crls}`); // an empty list would let revoked clients in
  return crls;
}
{{/client_auth}}

// --- The life of the server.

/** Listens until it is told to stop (SIGTERM, Ctrl-C). A change of the files is seen within a second; SIGHUP reads them too.
 *  @param close what else is to be closed at the end: a database, perhaps */
function run(server, close = async () => {}) {
  server.maxConnections = LIMITS.connections;
  server.timeout = 60_000; // for clients that never read their answer
  // What counts is the reading of the files that a handshake began on, not the one that it ended on.
  server.on('connection', (socket) => {
    const peer = peerOf(socket);
    handshakes.set(peer, generation);
    socket.once('close', () => handshakes.delete(peer));
  });
  server.on('secureConnection', (socket) => {
    socket.disableRenegotiation(); // TLS 1.2 could change the certificate under way
    connections.set(socket, { generation: handshakes.get(peerOf(socket)), openedAt: Date.now() });
    socket.once('close', () => connections.delete(socket));
  });
  server.on('tlsClientError', (error, socket) => {
    const why = socket.authorizationError ?? error.code ?? error.message;
    log('refused', { why, client: socket.remoteAddress });
    socket.destroy();
  });
  setInterval(() => fileStamps() === stamps || reload(server), 1000).unref();
  process.on('SIGHUP', () => reload(server));
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => stop(server, close));
  server.listen(LISTEN, () => log('listening', server.address()));
}

/** New connections get what the files hold now. Open ones were judged by what they held before, so they end: idle ones at
 *  once, the others after their answer, the last when the time of grace is over. */
function reload(server) {
  stamps = fileStamps();
  try {
    server.setSecureContext(tlsOptions());
  } catch (error) {
    return log('not reloaded', { why: error.message }); // half written, perhaps: the old ones are kept until the next change
  }
  generation += 1;
  server.closeIdleConnections();
  setTimeout(() => {
    for (const [socket, opened] of connections) if (opened.generation < generation) socket.destroy();
  }, LIMITS.graceMs).unref();
  log('reloaded', {});
}

/** Takes no more connections, lets answers under way finish, and ends. */
function stop(server, close) {
  server.close(() => close().finally(() => process.exit()));
  setTimeout(() => process.exit(), LIMITS.graceMs).unref();
  log('stopping', {});
}

/** What tells open connections apart. */
function peerOf({ remoteAddress, remotePort }) {
  return `${remoteAddress} ${remotePort}`;
}

/** Changes whenever one of the files does, a renewal by rename too. */
function fileStamps() {
  const stamp = (path) => {
    const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : 'gone';
  };
  return Object.values(FILES).map(stamp).join();
}

/** A line of JSON: no name in a certificate can begin a line of its own. */
function log(event, details) {
  console.log(JSON.stringify({ at: new Date(), event, ...details }));
}

const handshakes = new Map();
/** Open connections: when each began, on which reading of the files, and whose it is. */
const connections = new Map();
/** How often the files have been read anew. */
let generation = 0;
let stamps = fileStamps();
