import type { CrlState, Tally } from '../store/store.js';
import type { Authority, AuthorityContext } from './authority-context.js';
import { crlsDue } from './generate-crl.js';

/** The state of a PKI at a glance. */
export interface Overview extends Tally {
  readonly authorities: ReadonlyArray<{
    readonly authority: Authority;
    /** null where none was ever made. */
    readonly crl: CrlState | null;
    /** Whether its CRL has less than a fifth of its life left. */
    readonly crlDue: boolean;
  }>;
  readonly throwAway: boolean;
}

/** Counts what there is, and tells where the CRLs stand; opens no key. */
export async function overviewOf(context: AuthorityContext): Promise<Overview> {
  const { store, authorities, issuing, now } = context;
  const due = (await crlsDue(context)).map(({ authority }) => authority.id);
  return store.read(async (read) => {
    const states = [];
    for (const authority of authorities)
      states.push({
        authority,
        crl: await read.crlState(authority.id),
        crlDue: due.includes(authority.id),
      });
    const throwAway = (await read.setting('throwAway')) === 'true';
    const tally = await read.tally(now(), issuing.parsed.validity.notAfter);
    return { ...tally, authorities: states, throwAway };
  });
}
