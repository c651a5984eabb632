import { type Check, fail, notApplicable, pass } from '../check.js';
import { eachPage } from '../each-page.js';

/** The cookies that these answers set; those of a login are another matter. */
export const cookiesSecure: Check = {
  id: 'cookies-secure',
  title: 'Sets no cookie that a browser would send in clear',
  severity: 'low',
  citation: 'RFC 6265 §4.1.2.5; CWE-614',
  remediation: 'Give every cookie the attribute Secure, and HttpOnly where no script needs it.',
  run: ({ http }) =>
    eachPage(http, ({ headers }) => {
      const cookies = cookiesIn(headers['set-cookie']);
      if (cookies.length === 0) return notApplicable('no cookie is set');
      const open = cookies.filter((cookie) => !/;\s*secure\s*(;|$)/i.test(cookie)).map(nameOf);
      return open.length > 0
        ? fail(`without Secure: ${open.join(', ')}`)
        : pass(cookies.map(nameOf).join(', '));
    }),
};

/** Fields of one name come joined by commas; a comma in a cookie stands in its Expires alone, before a date. */
function cookiesIn(field: string | undefined): string[] {
  return field === undefined ? [] : field.split(/, (?=[!#$%&'*+.^_`|~0-9A-Za-z-]+=)/);
}

/** Never the value: it may be a secret. */
function nameOf(cookie: string): string {
  return cookie.slice(0, cookie.indexOf('=')).trim().slice(0, 40);
}
