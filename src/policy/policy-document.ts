import type { CertificatePolicy, CipherSuite, Policy, PolicyProtocol } from './policy.js';

/** A policy as a file has it: cipher suites by name alone, and with `extends` only what it changes. */
export interface PolicyDocument
  extends Partial<
    Omit<Policy, 'id' | 'title' | 'version' | 'cipherSuites' | 'alsoAcceptable' | 'certificate'>
  > {
  readonly $schema?: string;
  readonly schemaVersion?: 1;
  readonly extends?: string;
  readonly id: string;
  readonly title: string;
  readonly version: string;
  readonly cipherSuites?: Partial<Readonly<Record<PolicyProtocol, readonly string[]>>>;
  readonly alsoAcceptable?: {
    readonly cipherSuites?: readonly string[];
    readonly groups?: readonly string[];
  };
  readonly certificate?: Partial<CertificatePolicy>;
}

/** The whole policy as a file of its own would have it. */
export function policyDocument(policy: Policy): PolicyDocument {
  const { cipherSuites, alsoAcceptable } = policy;
  return {
    ...policy,
    cipherSuites: {
      'TLSv1.2': suiteNames(cipherSuites['TLSv1.2']),
      'TLSv1.3': suiteNames(cipherSuites['TLSv1.3']),
    },
    alsoAcceptable: {
      cipherSuites: suiteNames(alsoAcceptable.cipherSuites),
      groups: alsoAcceptable.groups,
    },
  };
}

function suiteNames(suites: readonly CipherSuite[]): string[] {
  return suites.map(({ name }) => name);
}
