import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { PathResult, Refusal } from '../path/path-result.js';
import { verifyCertificate } from '../path/verify-certificate.js';
import type { ReferenceName } from '../path/verify-options.js';
import { bundledRoots } from '../tls/bundled-roots.js';
import { decodePem } from '../x509/pem.js';

/** Trust anchors from one place. */
export interface TrustSource {
  /** What the report calls it: `--cacert`, `local root`, `system roots`. */
  readonly name: string;
  /** In DER; asked for only if the sources before it led nowhere. */
  readonly certificates: () => readonly Uint8Array[];
  /** Whether its CAs may stand in a CertificateRequest beside ours: those that were named for this run. */
  readonly named?: boolean;
}

/** The root of the local CA. */
export function localTrust({ root, issuing }: Pick<CertificateAuthority, 'root' | 'issuing'>): TrustSource {
  return { name: 'the local root', certificates: () => [(root ?? issuing).parsed.der] };
}

/** The roots that Node brings along. */
export function nodeTrust(): TrustSource {
  return {
    name: 'the roots of Node',
    certificates: () => bundledRoots().flatMap((pem) => decodePem(pem).map(({ der }) => der)),
  };
}

/** Whether a chain leads to a trust anchor, and from where that one is. */
export type TrustFinding =
  | { readonly kind: 'trusted'; readonly source: string; readonly path: Extract<PathResult, { ok: true }> }
  | { readonly kind: 'untrusted'; readonly refusal: Refusal; readonly tried: readonly string[] }
  | { readonly kind: 'no-anchors' };

/** Looks for a path from a server's certificate to the first source that has an anchor for it, RFC 5280 §6.
 *  What is said of an untrusted one is what the most telling source said.
 *  @param names to match too; none leaves names aside */
export function findTrust(
  chain: readonly [Uint8Array, ...Uint8Array[]],
  sources: readonly TrustSource[],
  at: Date,
  names: readonly ReferenceName[] = [],
): TrustFinding {
  const tried: string[] = [];
  const refusals: Refusal[] = [];
  for (const source of sources) {
    const trusted = source.certificates();
    if (trusted.length === 0) continue;
    tried.push(source.name);
    const [leaf, ...untrusted] = chain;
    const result = verifyCertificate({ leaf, trusted, untrusted, at, purpose: 'server', names });
    if (result.ok) return { kind: 'trusted', source: source.name, path: result };
    refusals.push(result);
  }
  const telling = refusals.find(({ reason }) => reason !== 'issuer-not-found') ?? refusals[0];
  return telling === undefined ? { kind: 'no-anchors' } : { kind: 'untrusted', refusal: telling, tried };
}
