// {{server_name}}: TLS {{#client_auth}}and client certificates {{/client_auth}}with Node's own https, written by `{{command}}`.
// Level: {{level}} ({{policy}}, {{policy_source}}).
//
//   node server.mjs --check     do the files that it names fit together?
//   node server.mjs             run it (Node 20 or later); Ctrl-C or SIGTERM stops it
//
// It reads its certificate{{#client_auth}}, the CAs and the CRLs{{/client_auth}} anew when they change: nothing is to be restarted.

{{imports}}

{{settings}}

{{#upstream}}
{{forward}}
{{/upstream}}
{{^upstream}}
// --- The application.

const ROUTES = new Map([
  ['GET /', whoami],
  ['POST /echo', async (request) => ({ text: textIn(await jsonIn(request)) })],
{{#client_auth}}
  ['GET /admin', secret],
{{/client_auth}}
]);

{{#client_auth}}
function secret({ identity }) {
  mustBeOneOf(ADMINS, identity);
  return { secret: 'for admins alone' };
}

{{/client_auth}}
async function answer(request, response) {
  try {
    const [path] = request.url.split('?'); // as it is: `//admin`, `/%61dmin` and `/admin/` are no routes
    const route = ROUTES.get(`${request.method === 'HEAD' ? 'GET' : request.method} ${path}`);
    if (!route) throw new Refusal(404, 'there is nothing here');
    const body = JSON.stringify(await route(request));
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(`${body}\n`);
  } catch (error) {
    sendRefusal(response, error);
  }
}

{{whoami}}

/** Input is looked at before it is used: of the type and length that is expected, or an error that says what is. */
function textIn(body) {
  const text = body?.text;
  if (typeof text === 'string' && text.length <= 1000) return text;
  throw new Refusal(400, 'send {"text": "at most 1,000 characters"}');
}

async function jsonIn(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > LIMITS.bodyBytes) throw new Refusal(413, 'the body is too large', { Connection: 'close' });
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    throw new Refusal(400, 'the body is not JSON');
  }
}
{{/upstream}}

{{gate}}

// --- Start.

if (process.argv.includes('--check')) {
  tlsOptions();
  console.log('the files fit together');
} else {
  run(createServer(tlsOptions(), gated({{#upstream}}forward{{/upstream}}{{^upstream}}answer{{/upstream}})));
}
