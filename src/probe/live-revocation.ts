import type { CertificateAuthority } from '../ca/certificate-authority.js';
import type { MintedCredential } from '../credentials/credential.js';
import type { KeyType } from '../keys/key-type.js';
import type { GeneralName } from '../x509/general-name.js';
import type { Name } from '../x509/name.js';

/** Brings a new CRL to the servers.
 *  @param crlChain the file that holds the CRLs of all CAs
 *  @returns why that failed, in words; null where it did not */
export type DeployCrl = (crlChain: string) => Promise<string | null>;

/** What a proof may do to the live CA: make a client of its own, and revoke that one. */
export interface LiveRevocation {
  /** Makes a client with the names of `good`, of this type of key; the CA has it in its records. */
  mint(keyType: KeyType): Promise<LiveClient>;
  /** Brings the new CRL to the servers, and says why that failed; null where nobody said how. */
  readonly deploy: (() => Promise<string | null>) | null;
  /** How long the servers may take until they have it. */
  readonly deploymentMs: number;
}

/** A client that lives to be revoked. */
export interface LiveClient {
  readonly shown: MintedCredential;
  /** Revokes it, and no other, and has the new CRL published. */
  revoke(): Promise<void>;
}

/** The CA that may be asked for that. */
export type RevokingAuthority = Pick<CertificateAuthority, 'mintProbeClient' | 'revoke' | 'folder'>;

/** @param names subject and SAN of `good` */
export function liveRevocation(
  ca: RevokingAuthority,
  names: { readonly subject: Name; readonly subjectAltName: readonly GeneralName[] },
  {
    deploy,
    deploymentMs = DEPLOYMENT_MS,
  }: { readonly deploy: DeployCrl | null; readonly deploymentMs: number | undefined },
): LiveRevocation {
  return {
    mint: async (keyType) => {
      const { record, chain, privateKey } = await ca.mintProbeClient({
        ...names,
        keyType,
        lifetimeMs: LIFETIME_MS,
      });
      return {
        shown: { chain, privateKey, keyType },
        revoke: async () => void (await ca.revoke([record], { reason: 'cessationOfOperation' })),
      };
    },
    deploymentMs,
    deploy: deploy && (() => deploy(ca.folder.at('crl-chain.pem'))),
  };
}

const DEPLOYMENT_MS = 10_000;
const LIFETIME_MS = 10 * 60 * 1000;
