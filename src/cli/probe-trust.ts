import { SslapiError } from '../errors.js';
import { systemRoots } from '../host/system-roots.js';
import { kitTrust } from '../probe/kit-source.js';
import type { ProofKit } from '../probe/read-proof-kit.js';
import { crlsIn, nodeTrust, type TrustSource } from '../probe/trust.js';
import { sameBytes } from '../x509/der.js';
import { decodePem } from '../x509/pem.js';
import { recognise } from '../x509/recognise.js';
import type { CommandRun } from './command-context.js';
import type { ProbeFlags } from './probe-flags.js';
import { readInput, readInputIfThere } from './read-input.js';

/** What a probe trusts: the roots that were named, else the local one, that of a kit and those of the system. What the local CA has
 *  issued and published goes with its root, however that one came to be trusted. */
export function probeTrust(
  { cacert, pki }: ProbeFlags,
  { terminal }: CommandRun,
  kit?: ProofKit,
): TrustSource[] {
  const local = localTrust(pki ?? './pki');
  if (cacert === undefined) {
    const own = [...(local ? [local] : []), ...(kit ? [kitTrust(kit)] : [])];
    return [...own, systemTrust(terminal.env) ?? nodeTrust()];
  }
  const certificates = certificatesIn(readInput(cacert), cacert);
  if (certificates.length === 0)
    throw new SslapiError('ERR_INPUT_NOT_RECOGNISED', `${cacert} holds no certificate`);
  const own = local?.certificates() ?? [];
  const isLocal = certificates.some((one) => own.some((root) => sameBytes(root, one)));
  return [{ ...(isLocal && local), name: '--cacert', certificates: () => certificates, named: true }];
}

/** Read from the files alone: no password is asked for, and the PKI may be a copy. */
function localTrust(folder: string): TrustSource | null {
  const root = readInputIfThere(`${folder}/ca.crt`);
  if (root === undefined) return null;
  const chain = `${folder}/ca-chain.crt`;
  return {
    name: 'the local root',
    certificates: () => certificatesIn(root, 'ca.crt'),
    intermediates: () => certificatesIn(readInputIfThere(chain) ?? new Uint8Array(), chain),
    crls: () => crlsIn(readInputIfThere(`${folder}/crl-chain.pem`, MAX_CRL_OCTETS)),
  };
}

function systemTrust(environment: CommandRun['terminal']['env']): TrustSource | null {
  const pem = systemRoots(environment);
  if (pem === null) return null;
  const certificates = (): Uint8Array[] =>
    decodePem(pem).flatMap(({ label, der }) => (label === 'CERTIFICATE' ? [der] : []));
  return { name: 'the roots of the system', certificates };
}

function certificatesIn(bytes: Uint8Array, name: string): Uint8Array[] {
  if (bytes.length === 0) return [];
  const { items } = recognise(bytes, name);
  return items.filter(({ kind }) => kind === 'certificate').map(({ der }) => der);
}

/** Some hundred thousand revocations. */
const MAX_CRL_OCTETS = 64 * 1024 * 1024;
