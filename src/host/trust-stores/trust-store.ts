/** The kinds of stores, as `--store` names them. */
export const TRUST_STORE_KINDS = ['system', 'nss', 'java'] as const;

export type TrustStoreKind = (typeof TRUST_STORE_KINDS)[number];

/** A root as a trust store takes it. */
export interface TrustedRoot {
  /** One PEM block. */
  readonly pem: string;
  /** Lower-case hex. */
  readonly fingerprint256: string;
}

/** One thing that is done to a store: what is shown is what is done. */
export type TrustStep =
  | { readonly kind: 'write'; readonly path: string; readonly content: string }
  | { readonly kind: 'make-folder'; readonly path: string }
  | { readonly kind: 'remove'; readonly path: string }
  | {
      readonly kind: 'run';
      readonly program: string;
      readonly args: readonly string[];
      readonly input?: string;
    };

/** How a root stands in a store, and what would change that. */
export interface TrustSight {
  /** `foreign`: another certificate lies under the name that ours would have; it is left alone. */
  readonly state: 'trusted' | 'absent' | 'foreign' | 'unknown';
  /** What else there is to know, in words. */
  readonly note: string | null;
  /** Empty where nothing is to be done. */
  readonly install: readonly TrustStep[];
  /** Takes out what `install` brought, and nothing else. */
  readonly uninstall: readonly TrustStep[];
}

/** A place where programs look up whom to trust. */
export interface TrustStore {
  readonly kind: TrustStoreKind;
  /** Where it lies. */
  readonly place: string;
  /** Who reads it, in words. */
  readonly readers: string;
  /** Whether this user may change it. */
  readonly writable: boolean;
  /** Whether the steps are for people to run: on a system where we have not seen them work. */
  readonly byHand: boolean;
  look(root: TrustedRoot): Promise<TrustSight>;
}

/** What a root is called in every store: by this name `uninstall` knows it, after a look at the certificate itself. */
export function entryName({ fingerprint256 }: TrustedRoot): string {
  return `sslapi-${fingerprint256.slice(0, 16)}`;
}
