import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { Output } from '../ui/output.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { formatName } from '../x509/name.js';
import { isoSeconds } from '../x509/whole-seconds.js';

/** Tells which CAs were made, and where their files lie.
 *  @param more what else the document says */
export function tellCreated(
  output: Output,
  { authorities, folder }: CertificateAuthority,
  more: object = {},
): void {
  const views = authorities.map(({ role, parsed }) => ({
    role,
    subject: formatName(parsed.subject),
    notAfter: isoSeconds(parsed.validity.notAfter),
    fingerprint256: fingerprint256(parsed.der),
  }));
  const files = {
    ca: folder.at('ca.crt'),
    caChain: folder.at('ca-chain.crt'),
    crl: folder.at('crl.pem'),
    crlChain: folder.at('crl-chain.pem'),
  };
  const lines = views.map(
    ({ role, subject, notAfter }) => `${`${role}:`.padEnd(9)}${subject}, until ${notAfter.slice(0, 10)}\n`,
  );
  output.answer(
    { pki: folder.path, authorities: views, files, ...more },
    () => `${lines.join('')}files:   ${folder.path}\n`,
  );
}
