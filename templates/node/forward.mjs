// --- Passing on.

/** Passes a request on, and the answer back. */
function forward(request, response) {
  if (Number(request.headers['content-length'] ?? 0) > LIMITS.bodyBytes) {
    return sendRefusal(response, new Refusal(413, 'the body is too large', { Connection: 'close' }));
  }
  const { method, url: path } = request;
  const passed = requestTo({ ...upstreamOptions(), method, path, headers: passedHeaders(request) });
  passed.setTimeout(30_000, () => passed.destroy(new Error('the upstream took too long')));
  passed.on('response', (answer) => {
    response.statusCode = answer.statusCode;
    for (const [name, value] of pairs(answer.rawHeaders)) {
      if (!HOP_BY_HOP.test(name) && !OURS.test(name)) response.appendHeader(name, value);
    }
    pipeline(answer, response, () => {});
  });
  passed.on('error', (error) => {
    if (response.headersSent) return response.destroy();
    return sendRefusal(response, error instanceof Refusal ? error : badGateway(error));
  });
  response.on('close', () => passed.destroy()); // the client has gone, or has its answer
  let seen = 0;
  request.on('data', (chunk) => {
    seen += chunk.length;
    if (seen <= LIMITS.bodyBytes) return;
    passed.destroy(new Refusal(413, 'the body is too large', { Connection: 'close' }));
  });
  request.pipe(passed);
}

function badGateway(error) {
  log('upstream failed', { why: error.message });
  return new Refusal(502, 'no answer from the upstream');
}

/** The client's headers without what belongs to one connection alone, and without what it says of its own identity;
 *  then what its certificate says. So the upstream may trust these names, as long as nobody else can reach it. */
function passedHeaders({ rawHeaders, headers, socket{{#client_auth}}, identity{{/client_auth}} }) {
  const dropped = new Set((headers.connection ?? '').toLowerCase().split(/[, ]+/));
  const kept = pairs(rawHeaders).filter(
    ([name]) => !HOP_BY_HOP.test(name) && !dropped.has(name.toLowerCase()) && !isIdentity(name),
  );
  // The length of the body is told in the same way as to us: a request without either has none.
  if ('transfer-encoding' in headers) kept.push(['Transfer-Encoding', 'chunked']);
  kept.push(['X-Forwarded-For', socket.remoteAddress], ['X-Forwarded-Proto', 'https']);
  kept.push(['Connection', 'close']);
{{#client_auth}}
  kept.push(['X-SSL-Client-Verify', identity === null ? 'NONE' : 'SUCCESS']);
  if (identity !== null) {
    kept.push(
      ['X-SSL-Client-Subject', headerText(identity.subject)],
      ['X-SSL-Client-Issuer', headerText(identity.issuer)],
      ['X-SSL-Client-Serial', identity.serialNumber],
      ['X-SSL-Client-Fingerprint', identity.fingerprint256], // SHA-256
      ['Client-Cert', `:${identity.certificate.toString('base64')}:`], // all of it, as RFC 9440 writes it
    );
  }
{{/client_auth}}
  return kept.flat();
}

/** Names under which proxies and frameworks hand over an identity, or where a request came from; and every name with an
 *  underscore, for X_SSL_Client_Verify would reach many frameworks as X-SSL-Client-Verify does. */
function isIdentity(name) {
  return (
    name.includes('_') ||
    /^(x-)?(ssl(-|$)|client-(cert|verify|subject|issuer|serial|fingerprint|san|s-dn|i-dn|dn|cn))/i.test(name) ||
    /^x-(forwarded|arr-clientcert|amzn-mtls|real-ip|remote-)/i.test(name) ||
    /^(forwarded|remote-user)$/i.test(name)
  );
}
{{#client_auth}}

/** Headers are ASCII: what is not is escaped octet by octet, as RFC 4514 §2.4 allows. */
function headerText(name) {
  const escaped = (octet) => `\\${octet.toString(16).padStart(2, '0').toUpperCase()}`;
  return name.replaceAll(/[^ -~]/gu, (character) => [...Buffer.from(character)].map(escaped).join(''));
}
{{/client_auth}}

/** Headers as they came: names and values by turns, repeated ones too. */
function pairs(rawHeaders) {
  return rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]]] : []));
}

const HOP_BY_HOP = /^(connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect)$/i;
const OURS = /^strict-transport-security$/i;

/** The upstream by its address{{#upstream_tls}}; it must show a certificate of our own CA for that name{{/upstream_tls}}. */
function upstreamOptions() {
{{#upstream_tls}}
  return { ...UPSTREAM, ca: readFileSync(FILES.clientCas) };
{{/upstream_tls}}
{{^upstream_tls}}
  return UPSTREAM;
{{/upstream_tls}}
}
