import type { Ingredient } from '../credentials/credential.js';
import { parseCertificate } from '../x509/certificate.js';
import { keylessAuthority, type ProofSource } from './proof-source.js';
import type { ProofKit } from './read-proof-kit.js';
import type { TrustSource } from './trust.js';

/** What a proof has by a kit: what only the CA can sign was made beforehand, all else is made on the spot. */
export function sourceOfKit(kit: ProofKit): ProofSource {
  const { issuing, root, credentials } = kit;
  return {
    authority: keylessAuthority(issuing, root),
    lacks: (ingredient, id) => lackOfKit(ingredient, id, kit),
    made: (keyType) => credentials.get(keyType) ?? new Map(),
    keyTypes: [...credentials.keys()],
    crls: [],
    latestRevoked: latestRevokedOf(kit),
    record: () => Promise.resolve(), // the CA did, when it made the kit
  };
}

/** The root that a kit brought along. */
export function kitTrust({ issuing, root }: Pick<ProofKit, 'issuing' | 'root'>): TrustSource {
  return {
    name: 'the root of the kit',
    certificates: () => [(root ?? issuing).der],
    intermediates: () => [issuing.der],
  };
}

function lackOfKit(ingredient: Ingredient, id: string | undefined, { credentials }: ProofKit): string | null {
  if (ingredient !== 'issuing-key' && ingredient !== 'root-key') return null;
  if (id === 'revoked-latest')
    return 'when the kit was made, nothing was on the published CRL for longer than the kit lives';
  const types = [...credentials.keys()].join(' and ');
  if (ingredient === 'issuing-key')
    return `the kit holds none with such a key, only with ${types}: make one with --key-type`;
  return 'the root key is offline: it was not there when the kit was made (proof-kit --root-key)';
}

/** The serial number is in the kit, on the certificate that bears it. */
function latestRevokedOf({ credentials }: ProofKit): bigint | null {
  const [found] = [...credentials.values()].flatMap((set) => set.get('revoked-latest') ?? []);
  return found === undefined ? null : parseCertificate(found.chain[0]!).serialNumber;
}
