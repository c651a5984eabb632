import type { ProbeReport } from '../../src/probe/probe-report.js';
import { TLS_VERSIONS, type TlsVersion } from '../../src/tls/version.js';
import type { Rival, RivalCertificate, RivalView } from './rival-view.js';

/** What a report of ours says of the things that other scanners tell too. */
export interface OurView {
  readonly protocols: readonly TlsVersion[];
  /** Code points, `0xc02b`. */
  readonly cipherSuites: Readonly<Partial<Record<TlsVersion, readonly string[]>>>;
  readonly groups: Readonly<Partial<Record<TlsVersion, readonly string[]>>>;
  readonly certificates: readonly RivalCertificate[];
}

export function ourView(report: ProbeReport): OurView {
  const [leaf] = report.certificates;
  return {
    protocols: TLS_VERSIONS.filter((version) => report.protocols[version]),
    cipherSuites: Object.fromEntries(
      Object.entries(report.cipherSuites).map(([version, suites]) => [version, suites.map(({ id }) => id)]),
    ),
    groups: report.groups,
    certificates:
      leaf === undefined || 'unreadable' in leaf ? [] : [{ subject: leaf.subject, keyType: leaf.keyType }],
  };
}

/** A thing that one of two scanners says and the other does not, as a line: `nmap lacks TLSv1.2 suite 0xc02b`. Suites and
 *  certificates of versions that a rival does not speak of at all are lines of their own. */
export function disagreements(rival: Rival, ours: OurView, theirs: RivalView): string[] {
  const lines = compared(`${rival} #`, 'protocol', ours.protocols, theirs.protocols);
  const newestOlder = theirs.protocols.filter((version) => version !== 'TLSv1.3').at(-1);
  for (const version of TLS_VERSIONS) {
    lines.push(
      ...compared(
        `${rival} # ${version}`,
        'suite',
        version === 'SSLv2' ? [] : (ours.cipherSuites[version] ?? []),
        theirs.cipherSuites[version] ?? [],
      ),
    );
    // sslscan asks for groups in TLS 1.3 and in the newest version before it
    const isAsked = version === 'TLSv1.3' || version === newestOlder;
    if (isAsked && theirs.groups !== null && !('any' in theirs.groups))
      lines.push(
        ...compared(
          `${rival} # ${version}`,
          'group',
          ours.groups[version] ?? [],
          theirs.groups[version] ?? [],
        ),
      );
  }
  if (theirs.groups?.any !== undefined) {
    const all = [...new Set(Object.values(ours.groups).flat())];
    lines.push(...compared(`${rival} # any`, 'group', all, theirs.groups.any));
  }
  if (theirs.certificates !== null)
    lines.push(
      ...compared(`${rival} #`, 'certificate', ours.certificates.map(named), theirs.certificates.map(named)),
    );
  return lines;
}

function compared(where: string, what: string, ours: readonly string[], theirs: readonly string[]): string[] {
  return [
    ...ours
      .filter((one) => !theirs.includes(one))
      .map((one) => `${where} ${what} ${one}`.replace('#', 'lacks')),
    ...theirs
      .filter((one) => !ours.includes(one))
      .map((one) => `${where} ${what} ${one}`.replace('#', 'adds')),
  ];
}

function named({ subject, keyType }: RivalCertificate): string {
  return `${subject} ${keyType}`;
}
