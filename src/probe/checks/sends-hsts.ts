import type { HttpAnswer } from '../../tls/http-response.js';
import { type Check, type Finding, fail, inconclusive, notApplicable, pass } from '../check.js';
import { eachPage } from '../each-page.js';
import { hstsMaxAge } from '../hsts-max-age.js';

/** Half a year is the least that is worth having; a policy may ask for more. */
export const sendsHsts: Check = {
  id: 'sends-hsts',
  title: 'Tells browsers to come by TLS alone (Strict-Transport-Security)',
  severity: 'low',
  citation: 'RFC 6797 §6.1, §7.2',
  remediation:
    'nginx: add_header Strict-Transport-Security "max-age=63072000" always; Apache: Header always set …; HAProxy: http-response set-header …',
  run: ({ name, http, policy }) =>
    name.type === 'ip'
      ? notApplicable('it holds for names, and this is an address (RFC 6797 §8.1.1)')
      : eachPage(http, (answer) => judge(answer, policy?.hstsMaxAgeSeconds ?? LEAST_SECONDS)),
};

function judge({ status, headers }: HttpAnswer, leastSeconds: number): Finding {
  const field = headers['strict-transport-security'];
  if (field === undefined)
    return status < 400
      ? fail('there is none')
      : inconclusive(`HTTP ${status} has none, and others may have it`);
  const seconds = hstsMaxAge(field);
  if (seconds === null) return fail(`"${field}" has no max-age, and counts for nothing`);
  const evidence = `max-age=${seconds}`;
  return seconds < leastSeconds ? fail(`${evidence}, less than ${leastSeconds}`) : pass(evidence);
}

const LEAST_SECONDS = 15_768_000;
