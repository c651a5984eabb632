import { type Check, fail, pass } from '../check.js';
import { eachPage } from '../each-page.js';

export const hidesServerVersion: Check = {
  id: 'hides-server-version',
  title: 'Does not say which version of its software it runs',
  severity: 'info',
  citation: 'CWE-200; RFC 9110 §10.2.4',
  remediation:
    'nginx: server_tokens off; Apache: ServerTokens Prod; PHP: expose_php = Off; Express: app.disable("x-powered-by")',
  run: ({ http }) =>
    eachPage(http, ({ headers }) => {
      const told = BANNERS.flatMap((name) => {
        const value = headers[name];
        return value !== undefined && /\d/.test(value) ? [`${name}: ${value.slice(0, 100)}`] : [];
      });
      return told.length > 0 ? fail(told.join(', ')) : pass(headers['server'] ?? 'no Server field');
    }),
};

const BANNERS = ['server', 'x-powered-by', 'x-aspnet-version', 'x-aspnetmvc-version', 'x-generator'];
