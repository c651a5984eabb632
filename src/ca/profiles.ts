import type { ProfileName } from '../store/store.js';
import type { Extension } from '../x509/extension.js';
import { basicConstraints } from '../x509/extensions/basic-constraints.js';
import { extKeyUsage } from '../x509/extensions/ext-key-usage.js';
import { type KeyUsage, keyUsage } from '../x509/extensions/key-usage.js';
import { OID } from '../x509/oid.js';

/** What a certificate of this kind may do and how long it lives unless told otherwise. */
export interface Profile {
  readonly name: ProfileName;
  readonly ca: boolean;
  readonly pathLenConstraint?: number;
  readonly keyUsages: readonly KeyUsage[];
  /** Key purposes; none on CAs, where Go and others would read them as limits on what is below. */
  readonly purposes: readonly string[];
  readonly validityDays: number;
}

const CA_USAGES: readonly KeyUsage[] = ['keyCertSign', 'cRLSign'];

export const PROFILES = {
  root: { name: 'root', ca: true, keyUsages: CA_USAGES, purposes: [], validityDays: 3650 },
  issuing: {
    name: 'issuing',
    ca: true,
    pathLenConstraint: 0,
    keyUsages: CA_USAGES,
    purposes: [],
    validityDays: 1825,
  },
  server: {
    name: 'server',
    ca: false,
    keyUsages: ['digitalSignature'],
    purposes: [OID.serverAuth],
    validityDays: 397,
  },
  client: {
    name: 'client',
    ca: false,
    keyUsages: ['digitalSignature'],
    purposes: [OID.clientAuth],
    validityDays: 90,
  },
  peer: {
    name: 'peer',
    ca: false,
    keyUsages: ['digitalSignature'],
    purposes: [OID.serverAuth, OID.clientAuth],
    validityDays: 90,
  },
  probe: {
    name: 'probe',
    ca: false,
    keyUsages: ['digitalSignature'],
    purposes: [OID.clientAuth],
    validityDays: 1,
  },
} as const satisfies Record<ProfileName, Profile>;

/** The profiles that people can ask for. */
export type LeafProfileName = 'server' | 'client' | 'peer';

/** basicConstraints, keyUsage and extKeyUsage of a profile, in this order; the first two critical. */
export function profileExtensions(profile: Profile, keyType: string): Extension[] {
  const { ca, pathLenConstraint, purposes } = profile;
  // A TLS 1.2 client that knows static RSA alone encrypts to the server's key (RFC 5246 §7.4.2).
  const encipher: readonly KeyUsage[] =
    !ca && purposes.includes(OID.serverAuth) && keyType.startsWith('rsa-') ? ['keyEncipherment'] : [];
  return [
    basicConstraints(pathLenConstraint === undefined ? { ca } : { ca, pathLenConstraint }),
    keyUsage([...profile.keyUsages, ...encipher]),
    ...(purposes.length > 0 ? [extKeyUsage(purposes)] : []),
  ];
}
