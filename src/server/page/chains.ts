import type { TLSSocket } from 'node:tls';
import { type Certificate, isSelfIssued, parseCertificate } from '../../x509/certificate.js';
import { sameName } from '../../x509/name.js';
import { type ClientAuthority, trustAnchor } from '../client-authority.js';
import type { VerifiedClient } from '../judge-client.js';
import type { Chain } from './certificate-tree.js';

/** The chain of the certificate that this connection was shown, however often the server has another since: completed by what
 *  the CA has, up to its root. */
export function serverChain(socket: TLSSocket, { issuing, root }: ClientAuthority): Chain {
  const own = socket.getX509Certificate();
  if (own === undefined) return [];
  const chain = [parseCertificate(own.raw)];
  for (const { parsed } of [issuing, ...(root === null ? [] : [root])])
    if (!isSelfIssued(chain.at(-1)!) && sameName(chain.at(-1)!.issuer, parsed.subject)) chain.push(parsed);
  return chain;
}

/** The path by which a client was let in, with the trust anchor that it ends in. */
export function clientChain({ path }: VerifiedClient, authority: ClientAuthority): Chain {
  const anchor: Certificate = trustAnchor(authority);
  return [...path, anchor];
}
