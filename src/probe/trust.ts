import type { CertificateAuthority } from '../ca/certificate-authority.js';
import { SslapiError } from '../errors.js';
import { type PathCertificate, readPathCertificate } from '../path/path-certificate.js';
import type { PathResult, Refusal } from '../path/path-result.js';
import { verifyRead } from '../path/verify-certificate.js';
import type { ReferenceName } from '../path/verify-options.js';
import { bundledRoots } from '../tls/bundled-roots.js';
import { type Name, sameName } from '../x509/name.js';
import { decodePem } from '../x509/pem.js';

/** Trust anchors from one place. */
export interface TrustSource {
  /** What the report calls it: `--cacert`, `the local root`, `the roots of the system`. */
  readonly name: string;
  /** In DER; asked for only if the sources before it led nowhere. */
  readonly certificates: () => readonly Uint8Array[];
  /** Whether its CAs may stand in a CertificateRequest beside ours: those that were named for this run. */
  readonly named?: boolean;
  /** Certificates of issuing CAs in DER that a server may have left out. Nothing is trusted for them. */
  readonly intermediates?: () => readonly Uint8Array[];
  /** CRLs in DER for what leads to these anchors. */
  readonly crls?: () => readonly Uint8Array[];
}

/** The root of the local CA, with what it has issued and published. */
export function localTrust(ca: Pick<CertificateAuthority, 'root' | 'issuing' | 'folder'>): TrustSource {
  const { root, issuing, folder } = ca;
  return {
    name: 'the local root',
    certificates: () => [(root ?? issuing).parsed.der],
    intermediates: () => [issuing.parsed.der],
    crls: () => crlsIn(folder.read('crl-chain.pem')),
  };
}

/** The CRLs in a PEM file; none where there is none, or nothing to be read in it. */
export function crlsIn(pem: Uint8Array | null | undefined): Uint8Array[] {
  if (!pem) return [];
  try {
    const blocks = decodePem(Buffer.from(pem).toString('latin1'));
    return blocks.filter(({ label }) => label === 'X509 CRL').map(({ der }) => der);
  } catch (error) {
    if (error instanceof SslapiError) return [];
    throw error;
  }
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
  | {
      readonly kind: 'trusted';
      readonly source: TrustSource;
      readonly path: Extract<PathResult, { ok: true }>;
    }
  | { readonly kind: 'untrusted'; readonly refusal: Refusal; readonly tried: readonly string[] }
  | { readonly kind: 'no-anchors' };

/** Looks for a path from a server's certificate to the first source that has an anchor for it, RFC 5280 §6.
 *  What is said of an untrusted one is what the most telling source said.
 *  @param options names to match too; `completed` adds the issuing CAs that a source knows of */
export function findTrust(
  chain: readonly [Uint8Array, ...Uint8Array[]],
  sources: readonly TrustSource[],
  at: Date,
  { names = [], completed = false }: TrustOptions = {},
): TrustFinding {
  const tried: string[] = [];
  const refusals: Refusal[] = [];
  const [leaf, ...shown] = chain.map(readPathCertificate);
  for (const source of sources) {
    const trusted = anchorsOf(source);
    if (trusted.length === 0) continue;
    tried.push(source.name);
    const known = completed ? (source.intermediates?.() ?? []).map(readPathCertificate) : [];
    const untrusted = [...shown, ...known];
    const result = verifyRead({ leaf: leaf!, trusted, untrusted, crls: [], at, purpose: 'server', names });
    if (result.ok) return { kind: 'trusted', source, path: result };
    refusals.push(result);
  }
  const telling = refusals.find(({ reason }) => reason !== 'issuer-not-found') ?? refusals[0];
  return telling === undefined ? { kind: 'no-anchors' } : { kind: 'untrusted', refusal: telling, tried };
}

/** Whether an anchor of any source has that name: what it is told to have issued needs no other issuer to be sent. */
export function hasAnchorNamed(name: Name, sources: readonly TrustSource[]): boolean {
  return sources.some((source) =>
    anchorsOf(source).some((anchor) => !('reason' in anchor) && sameName(anchor.certificate.subject, name)),
  );
}

interface TrustOptions {
  readonly names?: readonly ReferenceName[];
  readonly completed?: boolean;
}

/** A system has well over a hundred roots, and every chain of an endpoint is held against them: they are read once. */
function anchorsOf(source: TrustSource): ReadonlyArray<PathCertificate | Refusal> {
  const known = anchors.get(source);
  if (known !== undefined) return known;
  const read = source.certificates().map(readPathCertificate);
  anchors.set(source, read);
  return read;
}

const anchors = new WeakMap<TrustSource, ReadonlyArray<PathCertificate | Refusal>>();
