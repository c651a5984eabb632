import type { Policy, PolicyProtocol } from '../policy/policy.js';
import type { TlsVersion } from '../tls/version.js';
import type { PolicyJudgement } from './policy-finding.js';
import type { Offered, Scan } from './scan.js';

/** A list that an endpoint has for each version, and what a policy says of it. */
export interface OfferRule {
  readonly offers: ReadonlyMap<TlsVersion, Offered>;
  /** What its code points are, in the plural. */
  readonly what: string;
  readonly nameOf: (id: number) => string;
  readonly allowedIn: (version: PolicyProtocol) => readonly string[];
  /** One of these at least is offered in each version where any is; empty for no such rule. */
  readonly oneOf: readonly string[];
}

/** Holds what is offered in the versions that a policy allows against its list. The other versions are findings themselves. */
export function judgeOffers({ protocols }: Scan, policy: Policy, rule: OfferRule): PolicyJudgement {
  const spoken = policy.protocols.filter((version) => protocols[version].value !== false);
  if (spoken.length === 0) {
    const none = `none of ${policy.protocols.join(', ')} is spoken`;
    return { outside: [], missing: [], unknown: [none], within: '' };
  }
  const judged = spoken.map((version) => judgeVersion(version, protocols[version].why, rule));
  return {
    outside: judged.flatMap(({ outside }) => outside),
    missing: judged.flatMap(({ missing }) => missing),
    unknown: judged.flatMap(({ unknown }) => unknown),
    within: judged.map(({ within }) => within).join('; '),
  };
}

function judgeVersion(version: PolicyProtocol, why: string | null, rule: OfferRule): PolicyJudgement {
  const { offers, what, nameOf, allowedIn, oneOf } = rule;
  const offered = offers.get(version);
  if (offered === undefined) {
    const unseen = `${version}: ${why ?? `its ${what} were not seen`}`;
    return { outside: [], missing: [], unknown: [unseen], within: '' };
  }
  const names = offered.ids.map(nameOf);
  const allowed = allowedIn(version);
  const others = names.filter((name) => !allowed.includes(name));
  const hasOne = names.length === 0 || oneOf.length === 0 || names.some((name) => oneOf.includes(name));
  return {
    outside: others.length > 0 ? [`${version} takes ${others.join(', ')}`] : [],
    missing: hasOne || offered.incomplete !== null ? [] : [`one of ${oneOf.join(', ')} in ${version}`],
    unknown: offered.incomplete === null ? [] : [`${version}: ${offered.incomplete}`],
    within: `${version}: ${names.join(', ') || `no ${what}`}`,
  };
}
