// {{server_name}}: TLS {{#client_auth}}and client certificates {{/client_auth}}with Express 5, written by `{{command}}`.
// Level: {{level}} ({{policy}}, {{policy_source}}).
//
//   npm install express
//   node server.mjs --check     do the files that it names fit together?
//   node server.mjs             run it (Node 20 or later); Ctrl-C or SIGTERM stops it
//
// It reads its certificate{{#client_auth}}, the CAs and the CRLs{{/client_auth}} anew when they change: nothing is to be restarted.

{{imports}}
import express from 'express';

{{settings}}

// --- The application.

const app = express();
app.disable('x-powered-by');
app.set('case sensitive routing', true); // /ADMIN is not /admin …
app.set('strict routing', true); // … nor is /admin/
{{#upstream}}
app.use(forward);

{{forward}}
{{/upstream}}
{{^upstream}}

app.get('/', (request, response) => {
  response.json(whoami(request));
});

app.post('/echo', express.json({ limit: LIMITS.bodyBytes }), (request, response) => {
  response.json({ text: textIn(request.body) });
});
{{#client_auth}}

app.get('/admin', only(ADMINS), (_request, response) => {
  response.json({ secret: 'for admins alone' });
});
{{/client_auth}}

app.use(() => {
  throw new Refusal(404, 'there is nothing here');
});
{{/upstream}}

app.use((error, _request, response, _next) => {
  sendRefusal(response, error); // Express knows an error handler by its four parameters
});
{{^upstream}}
{{#client_auth}}

function only(known) {
  return ({ identity }, _response, next) => {
    mustBeOneOf(known, identity);
    next();
  };
}
{{/client_auth}}

{{whoami}}

/** Input is looked at before it is used: of the type and length that is expected, or an error that says what is. */
function textIn(body) {
  const text = body?.text;
  if (typeof text === 'string' && text.length <= 1000) return text;
  throw new Refusal(400, 'send {"text": "at most 1,000 characters"} as application/json');
}
{{/upstream}}

{{gate}}

// --- Start.

if (process.argv.includes('--check')) {
  tlsOptions();
  console.log('the files fit together');
} else {
  run(createServer(tlsOptions(), gated(app)));
}
