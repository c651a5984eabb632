/** What TLS in Go does by itself, seen with 1.19. */
export const BY_GO = [
  'offers-post-quantum-key-exchange',
  'client-signatures-strong',
  'policy-server-preference',
  'policy-signature-schemes',
  'supports-extended-master-secret',
  'tolerates-unknown-versions',
] as const;
