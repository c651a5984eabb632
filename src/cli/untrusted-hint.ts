import { resolve } from 'node:path';
import type { ProbeReport, ProbeReports } from '../probe/probe-report.js';
import type { ProbeFlags } from './probe-flags.js';
import { readInputIfThere } from './read-input.js';

/** What to try where a server's certificate leads to no root that is known here: the CA that issued it may lie in another
 *  folder. Null where nothing was untrusted, or the roots were named. */
export function untrustedHint(
  probed: ProbeReport | ProbeReports,
  { cacert, pki = './pki' }: Pick<ProbeFlags, 'cacert' | 'pki'>,
): string | null {
  const reports = 'reports' in probed ? probed.reports : [probed];
  const isUntrusted = reports.some(({ checks }) =>
    checks.some(({ id, status }) => id === 'certificate-trusted' && status === 'fail'),
  );
  if (!isUntrusted || cacert !== undefined) return null;
  const folder = resolve(pki);
  const here = readInputIfThere(`${folder}/ca.crt`) !== undefined;
  const tried = here
    ? `the root of ${folder} did not issue the certificate`
    : `there is no CA in ${folder} to trust the certificate by`;
  return `${tried}; if the right CA lies elsewhere, name its folder with --pki DIR, or its root with --cacert FILE`;
}
