import type { Certificate } from '../../x509/certificate.js';
import { describeCertificate } from '../../x509/describe-certificate.js';
import { fingerprint256 } from '../../x509/fingerprint.js';
import { commonNameOf } from '../../x509/name.js';

/** A certificate of one of both chains, and those of them that it issued. */
export interface CertificateNode {
  readonly role: CertificateRole;
  /** The commonName, else the first subjectAltName, else the subject. */
  readonly name: string;
  /** RFC 4514. */
  readonly subject: string;
  readonly issuer: string;
  readonly serialNumber: string;
  readonly subjectAltName: readonly string[];
  readonly notBefore: string;
  readonly notAfter: string;
  readonly keyType: string;
  readonly signatureAlgorithm: string;
  readonly fingerprint256: string;
  readonly issued: readonly CertificateNode[];
}

/** What a certificate is in a handshake. */
export type CertificateRole = 'trust-anchor' | 'intermediate' | 'server' | 'client';

/** A chain from its leaf up, the trust anchor included where it is known. */
export type Chain = readonly Certificate[];

/** Both chains of a connection as one tree: what they share is there once. There are two trees where they share nothing.
 *  @param client null for a client without a certificate */
export function certificateTree(server: Chain, client: Chain | null, now: Date): CertificateNode[] {
  const roots: GrowingNode[] = [];
  grow(roots, server, 'server', now);
  if (client !== null) grow(roots, client, 'client', now);
  return roots;
}

interface GrowingNode extends CertificateNode {
  readonly issued: GrowingNode[];
}

function grow(roots: GrowingNode[], chain: Chain, leafRole: CertificateRole, now: Date): void {
  let siblings = roots;
  for (const [depth, certificate] of [...chain].reverse().entries()) {
    const role = depth === chain.length - 1 ? leafRole : depth === 0 ? 'trust-anchor' : 'intermediate';
    const fingerprint = fingerprint256(certificate.der);
    const known = siblings.find((sibling) => sibling.fingerprint256 === fingerprint);
    const node = known ?? nodeOf(certificate, role, now);
    if (known === undefined) siblings.push(node);
    siblings = node.issued;
  }
}

function nodeOf(certificate: Certificate, role: CertificateRole, now: Date): GrowingNode {
  const { subject, issuer, serialNumber, subjectAltName, notBefore, notAfter, ...rest } = describeCertificate(
    certificate,
    now,
  );
  return {
    role,
    name: commonNameOf(certificate.subject) ?? subjectAltName[0] ?? subject,
    subject,
    issuer,
    serialNumber,
    subjectAltName,
    notBefore,
    notAfter,
    keyType: rest.keyType,
    signatureAlgorithm: rest.signatureAlgorithm,
    fingerprint256: rest.fingerprint256,
    issued: [],
  };
}
