import { SslapiError } from '../errors.js';
import type { VerifyRequest } from '../path/verify-certificate.js';
import type { PolicyInputs, ReferenceName } from '../path/verify-options.js';
import type { Asn1Shape } from '../x509/asn1-shape.js';
import { kindInWords, recognise } from '../x509/recognise.js';
import { MAX_CRL_OCTETS } from './certificate-reference.js';
import { readInput, readInputIfThere } from './read-input.js';
import type { VerifyFlags } from './verify-flags.js';

/** The question that the flags and files ask; what stands behind the certificate in its own file helps as `--untrusted`
 *  does. Without `--trusted` the local CA's root, chain and CRLs are taken.
 *  @throws SslapiError ERR_CA_NOT_FOUND where there is no local CA, ERR_INPUT_… for files that hold something else */
export function verifyQuestion(
  certificate: { readonly name: string; readonly bytes: Uint8Array },
  flags: VerifyFlags,
  now: Date,
): VerifyRequest {
  const [leaf, ...chain] = itemsIn(certificate, 'certificate');
  const local = flags.trusted === undefined ? localFiles(flags.pki ?? './pki', flags) : NOTHING;
  return {
    leaf: leaf!,
    trusted: [...local.trusted, ...filesOf(flags.trusted, 'certificate')],
    untrusted: [...chain, ...filesOf(flags.untrusted, 'certificate'), ...local.untrusted],
    crls: [...local.crls, ...filesOf(flags.crl, 'certificate-list')],
    ocsp: filesOf(flags.ocsp, 'ocsp-response'),
    at: flags.at ?? now,
    purpose: flags.purpose ?? 'any',
    names: namesOf(flags),
    maxDepth: flags.maxDepth ?? null,
    profile: flags.profile ?? 'rfc5280',
    policy: policyOf(flags),
    requireCrl: flags.requireCrl === true,
  };
}

interface LocalFiles {
  readonly trusted: readonly Uint8Array[];
  readonly untrusted: readonly Uint8Array[];
  readonly crls: readonly Uint8Array[];
}

function localFiles(pki: string, { crl }: VerifyFlags): LocalFiles {
  const root = readInputIfThere(`${pki}/ca.crt`);
  if (root === undefined) {
    throw new SslapiError('ERR_CA_NOT_FOUND', `there is no ${pki}/ca.crt to trust`, {
      hint: 'Give the certificate to trust with --trusted FILE, or point --pki at a CA.',
    });
  }
  const optional = (file: string, kind: Asn1Shape) => {
    const bytes = readInputIfThere(`${pki}/${file}`, MAX_CRL_OCTETS);
    return bytes === undefined ? [] : itemsIn({ name: `${pki}/${file}`, bytes }, kind);
  };
  return {
    trusted: itemsIn({ name: `${pki}/ca.crt`, bytes: root }, 'certificate'),
    untrusted: optional('ca-chain.crt', 'certificate'),
    crls: crl === undefined ? optional('crl-chain.pem', 'certificate-list') : [],
  };
}

function filesOf(paths: readonly string[] = [], kind: Asn1Shape): Uint8Array[] {
  const limit = kind === 'certificate-list' ? MAX_CRL_OCTETS : MAX_BUNDLE_OCTETS;
  return paths.flatMap((path) => itemsIn({ name: path, bytes: readInput(path, limit) }, kind));
}

/** Everything of that kind in a file; there must be something. */
function itemsIn({ name, bytes }: { name: string; bytes: Uint8Array }, kind: Asn1Shape): Uint8Array[] {
  const { items } = recognise(bytes, name);
  const wanted = items.filter((item) => item.kind === kind).map(({ der }) => der);
  if (wanted.length > 0) return wanted;
  const found = kindInWords(items[0]!.kind);
  throw new SslapiError(
    'ERR_INPUT_NOT_RECOGNISED',
    `${name} holds ${found} where ${kindInWords(kind)} is wanted`,
    {
      hint: '`sslapi inspect FILE` tells what a file is.',
    },
  );
}

function namesOf({ hostname = [], ip = [], email = [] }: VerifyFlags): ReferenceName[] {
  return [
    ...hostname.map((value) => ({ type: 'dns', value }) as const),
    ...ip.map((value) => ({ type: 'ip', value }) as const),
    ...email.map((value) => ({ type: 'email', value }) as const),
  ];
}

/** RFC 5280 §6.1.1 (c) to (f), or null where no flag speaks of policies. */
function policyOf(flags: VerifyFlags): PolicyInputs | null {
  const { policy, requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy } = flags;
  if (!policy && !requireExplicitPolicy && !inhibitPolicyMapping && !inhibitAnyPolicy) return null;
  return {
    initialSet: policy ?? [ANY_POLICY],
    requireExplicit: requireExplicitPolicy === true,
    inhibitMapping: inhibitPolicyMapping === true,
    inhibitAny: inhibitAnyPolicy === true,
  };
}

const ANY_POLICY = '2.5.29.32.0';
/** A system's bundle of roots has a quarter of this. */
const MAX_BUNDLE_OCTETS = 16 * 1024 * 1024;
const NOTHING: LocalFiles = { trusted: [], untrusted: [], crls: [] };
