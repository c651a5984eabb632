import { holds, type Lint } from '../lint.js';

/** Apple’s systems refuse a longer one, whoever issued it. */
export const serverLives825DaysAtMost: Lint = {
  id: 'server-lives-825-days-at-most',
  title: 'A server’s certificate is valid for 825 days at most',
  severity: 'medium',
  citation: 'Apple HT210176, for private CAs as well',
  since: '2019-07-01',
  applies: ({ isServer }) => isServer,
  run: ({ certificate: { validity } }) => {
    const days = (validity.notAfter.getTime() - validity.notBefore.getTime()) / DAY_MS;
    return holds(days <= MOST_DAYS, `${Math.floor(days)} days`);
  },
};

const DAY_MS = 86_400_000;
const MOST_DAYS = 825;
