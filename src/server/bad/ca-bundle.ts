import type { MintingAuthority } from '../../credentials/credential.js';
import { encodePem } from '../../x509/pem.js';

/** The CAs of a PKI in PEM, as a server of mutual TLS trusts and names them. */
export function caBundle({ issuing, root }: MintingAuthority): string[] {
  const cas = root === null ? [issuing] : [root, issuing];
  return cas.map(({ parsed }) => encodePem('CERTIFICATE', parsed.der));
}
