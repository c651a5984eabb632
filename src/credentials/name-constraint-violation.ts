import { nameConstraints, nameConstraintsOf } from '../x509/extensions/name-constraints.js';
import type { Credential, CredentialContext, MintedCredential } from './credential.js';
import { makeIntermediate, NO_CRL } from './intermediate.js';
import { mint } from './mint.js';

/** The CA above it may issue for every name but the one that it bears beside the good one's. */
export const nameConstraintViolation: Credential = {
  id: 'name-constraint-violation',
  title: 'Refuses a certificate for a name that its issuer may not give',
  breaks: 'one of its DNS names is among those that the nameConstraints of its issuer exclude',
  citation: 'RFC 5280 §6.1.3 (b)(c); CWE-295',
  expected: 'refuse',
  severity: 'high',
  needs: 'root-key',
  twin: {
    id: 'name-constraint-kept',
    mayBeRefusedFor: NO_CRL,
    make: (context) => excluding(context, 'elsewhere'),
  },
  make: (context) => excluding(context, 'excluded'),
};

/** @param label what is excluded; the leaf is for `excluded` in any case */
async function excluding(context: CredentialContext, label: string): Promise<MintedCredential> {
  const domain = permittedDomain(context);
  const subtree = { type: 'dNSName', value: `${label}.${domain}` } as const;
  const constraints = nameConstraints({ permittedSubtrees: [], excludedSubtrees: [subtree] });
  const name = { type: 'dNSName', value: `excluded.${domain}` } as const;
  return mint(context, {
    subjectAltName: [...context.subjectAltName, name],
    intermediate: await makeIntermediate(context, { instead: [constraints] }),
  });
}

/** A domain that the root allows: its own constraints are not what is tried. */
function permittedDomain({ authority }: CredentialContext): string {
  const { permittedSubtrees = [] } = nameConstraintsOf((authority.root ?? authority.issuing).parsed) ?? {};
  const domain = permittedSubtrees.flatMap((base) => (base.type === 'dNSName' ? [base.value] : []))[0];
  return domain?.replace(/^\./, '') ?? 'sslapi-probe.invalid';
}
