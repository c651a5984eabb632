import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { Output } from '../ui/output.js';
import { isoSeconds } from '../x509/whole-seconds.js';

/** Warns in one line of CRLs that have less than a fifth of their life left: with an expired one servers refuse every
 *  client, the good ones too. */
export function warnOfCrls(
  { warn }: Pick<Output, 'warn'>,
  due: Awaited<ReturnType<CertificateAuthority['crlsDue']>>,
  now = new Date(),
): void {
  if (due.length === 0) return;
  const which = due.map(({ authority, nextUpdate }) => {
    const when =
      nextUpdate === null
        ? 'is missing'
        : `${nextUpdate < now ? 'ended' : 'ends'} on ${isoSeconds(nextUpdate)}`;
    return `the CRL of the ${authority.role} CA ${when}`;
  });
  const rootKey = due.some(({ authority }) => authority.role === 'root')
    ? ' (--root-key FILE for the root)'
    : '';
  warn(
    `${which.join(', ')}, and servers then refuse everybody: run \`sslapi gen-crl\`${rootKey}, and reload them`,
  );
}
