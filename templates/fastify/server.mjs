// {{server_name}}: TLS {{#client_auth}}and client certificates {{/client_auth}}with Fastify 5, written by `{{command}}`.
// Level: {{level}} ({{policy}}, {{policy_source}}).
//
//   npm install fastify
//   node server.mjs --check     do the files that it names fit together?
//   node server.mjs             run it (Node 20 or later); Ctrl-C or SIGTERM stops it
//
// It reads its certificate{{#client_auth}}, the CAs and the CRLs{{/client_auth}} anew when they change: nothing is to be restarted.

{{imports}}
import fastify from 'fastify';

{{settings}}

// --- The application.

function application() {
  const app = fastify({
    // The gate stands before Fastify: no route, plugin or wrong address gets around it.
    serverFactory: (handler) => createServer(tlsOptions(), gated(handler)),
    bodyLimit: LIMITS.bodyBytes,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } }, // 1 is no text, and a field too many no typing error
  });
{{#upstream}}

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, done) => done(null)); // the body goes through as it is
  app.all('/*', (request, reply) => {
    reply.hijack();
    forward(request.raw, reply.raw);
  });
{{/upstream}}
{{^upstream}}

  app.get('/', ({ raw }) => whoami(raw));

  app.post('/echo', { schema: { body: ECHO } }, ({ body }) => ({ text: body.text }));
{{#client_auth}}

  app.get('/admin', { onRequest: only(ADMINS) }, () => ({ secret: 'for admins alone' }));
{{/client_auth}}

  app.setNotFoundHandler(() => {
    throw new Refusal(404, 'there is nothing here');
  });
{{/upstream}}

  app.setErrorHandler((error, _request, reply) => {
    reply.hijack();
    sendRefusal(reply.raw, error);
  });
  return app;
}
{{^upstream}}

/** Input is looked at before it is used; the answer to any other says what is expected. */
const ECHO = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: { text: { type: 'string', maxLength: 1000 } },
};
{{#client_auth}}

function only(known) {
  return async ({ raw }) => mustBeOneOf(known, raw.identity);
}
{{/client_auth}}

{{whoami}}
{{/upstream}}
{{#upstream}}

{{forward}}
{{/upstream}}

{{gate}}

// --- Start.

if (process.argv.includes('--check')) {
  tlsOptions();
  console.log('the files fit together');
} else {
  const app = application();
  await app.ready();
  run(app.server, () => app.close());
}
