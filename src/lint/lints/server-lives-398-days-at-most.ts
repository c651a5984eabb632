import { holds, type Lint } from '../lint.js';

/** Public CAs may issue for less by now; a private one that renews by itself loses nothing by it. */
export const serverLives398DaysAtMost: Lint = {
  id: 'server-lives-398-days-at-most',
  title: 'A server’s certificate is valid for 398 days at most',
  severity: 'info',
  citation: 'CA/B Baseline Requirements §6.3.2',
  since: '2020-09-01',
  applies: ({ isServer }) => isServer,
  run: ({ certificate: { validity } }) => {
    const days = (validity.notAfter.getTime() - validity.notBefore.getTime()) / DAY_MS;
    return holds(days <= MOST_DAYS, `${Math.floor(days)} days`);
  },
};

const DAY_MS = 86_400_000;
const MOST_DAYS = 398;
