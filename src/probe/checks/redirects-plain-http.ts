import type { PlainOutcome } from '../../tls/plain-http.js';
import { type Check, type Finding, fail, inconclusive, notApplicable, pass } from '../check.js';
import { worstPage } from '../each-page.js';

export const redirectsPlainHttp: Check = {
  id: 'redirects-plain-http',
  title: 'Serves nothing in clear on port 80, but a way to TLS',
  severity: 'medium',
  citation: 'RFC 6797 §7.2; CWE-319',
  remediation: 'nginx: server { listen 80; return 301 https://$host$request_uri; }, and nothing else there.',
  run({ http: { plain } }) {
    if (plain.kind === 'not-asked') return notApplicable(plain.why);
    const findings = plain.pages.map(({ path, outcome }) => [path, judge(outcome)] as const);
    return worstPage(findings) ?? notApplicable('no path was asked for');
  },
};

function judge(outcome: PlainOutcome): Finding {
  switch (outcome.kind) {
    case 'unreachable':
      return notApplicable(`nothing answers on port 80 (${outcome.why})`);
    case 'broken':
      return inconclusive(`no HTTP answer on port 80: ${outcome.why}`);
    case 'answer':
      return judgeAnswer(outcome.status, outcome.headers['location'] ?? null);
  }
}

function judgeAnswer(status: number, location: string | null): Finding {
  if (status >= 500) return inconclusive(`HTTP ${status} on port 80`);
  if (status >= 400) return pass(`HTTP ${status} on port 80, no content`);
  if (status < 300 || location === null) return fail(`HTTP ${status} on port 80: served in clear`);
  return /^https:\/\//i.test(location)
    ? pass(`HTTP ${status} to ${shortened(location)}`)
    : fail(`HTTP ${status} to ${shortened(location)}, which stays in clear`);
}

function shortened(location: string): string {
  return location.length > 100 ? `${location.slice(0, 100)}…` : location;
}
