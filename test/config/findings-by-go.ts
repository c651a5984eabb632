/** What Go 1.19 does by itself, whatever it is told: it takes no list of the signatures of clients, follows an order of suites of
 *  its own, refuses versions to come, signs with what NIST leaves out, and has neither extended_master_secret nor hybrid
 *  groups. */
export const BY_GO = [
  'offers-post-quantum-key-exchange',
  'client-signatures-strong',
  'policy-server-preference',
  'policy-signature-schemes',
  'supports-extended-master-secret',
  'tolerates-unknown-versions',
];
