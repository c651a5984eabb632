import type { Observations } from '../../src/probe/observations.js';
import {
  type DhParameters,
  type FaultFinding,
  type OfferedSuites,
  type Scan,
  type Told,
  told,
  untold,
} from '../../src/probe/scan.js';
import { cipherSuiteNamed } from '../../src/tls/cipher-suite.js';
import { groupNumber } from '../../src/tls/group.js';
import { signatureSchemeNumber } from '../../src/tls/signature-scheme.js';
import { TLS_VERSIONS, type TlsVersion } from '../../src/tls/version.js';

/** What a test changes of the clean scan; whole fields, but for the traits, which are changed one by one. */
export type ScanChange = Partial<Omit<Scan, 'hello' | 'sessions' | 'faults'>> & {
  readonly [Part in 'hello' | 'sessions' | 'faults']?: Partial<Scan[Part]>;
};

/** An endpoint with TLS 1.2 and 1.3 of which nobody could complain, and which agrees on HTTP/1.1. */
export function sampleScan({ hello, sessions, faults, ...change }: ScanChange = {}): Scan {
  return {
    protocols: speaking('TLSv1.2', 'TLSv1.3'),
    cipherSuites: suites({ 'TLSv1.3': SUITES_OF_1_3, 'TLSv1.2': SUITES_OF_1_2 }),
    groups: offered(groupNumber, {
      'TLSv1.3': ['X25519MLKEM768', 'x25519', 'secp256r1', 'secp384r1'],
      'TLSv1.2': ['x25519', 'secp256r1', 'secp384r1'],
    }),
    signatureSchemes: offered(signatureSchemeNumber, {
      'TLSv1.3': ['ecdsa_secp256r1_sha256'],
      'TLSv1.2': ['ecdsa_secp256r1_sha256', 'ecdsa_secp384r1_sha384'],
    }),
    dhParameters: [],
    exportRsaBits: null,
    chains: [],
    ...change,
    hello: { ...CLEAN_HELLO, ...hello },
    sessions: { ...CLEAN_SESSIONS, ...sessions },
    faults: { ...CLEAN_FAULTS, ...faults },
  };
}

/** An endpoint of which nothing could be told. */
export function untoldScan(why = 'no answer came in time'): Scan {
  const nothing = untold(why);
  const all = <T extends object>(traits: T): T =>
    Object.fromEntries(Object.keys(traits).map((name) => [name, nothing])) as T;
  return {
    protocols: all(speaking()),
    cipherSuites: new Map(),
    groups: new Map(),
    signatureSchemes: new Map(),
    dhParameters: [],
    exportRsaBits: null,
    chains: [],
    hello: all(CLEAN_HELLO),
    sessions: all(CLEAN_SESSIONS),
    faults: all(CLEAN_FAULTS),
  };
}

/** What checks that look at nothing but the scan need, and whether a client must show a certificate. */
export function seen(scan: Scan, clientAuth: Observations['clientAuth'] = OPEN): Observations {
  return { scan, clientAuth } as Observations;
}

/** These versions are spoken, those of `untoldOnes` may be, no other is. */
export function speaking(...versions: readonly TlsVersion[]): Scan['protocols'] {
  return protocols(versions, []);
}

export function protocols(
  spoken: readonly TlsVersion[],
  untoldOnes: readonly TlsVersion[],
): Scan['protocols'] {
  const isSpoken = (version: TlsVersion): Told<boolean> =>
    untoldOnes.includes(version) ? untold('no answer came in time') : told(spoken.includes(version));
  return Object.fromEntries(TLS_VERSIONS.map((version) => [version, isSpoken(version)])) as Scan['protocols'];
}

/** Suites by their IANA names, in the server's order. */
export function suites(
  names: Partial<Record<TlsVersion, readonly string[]>>,
  change: Partial<OfferedSuites> = {},
): Scan['cipherSuites'] {
  const entries = Object.entries(names) as Array<[TlsVersion, readonly string[]]>;
  return new Map(
    entries.map(([version, list]) => {
      const ids = list.map((name) => cipherSuiteNamed(name)!.id);
      return [version, { ids, incomplete: null, serverOrder: told(true), ...change }];
    }),
  );
}

export function groups(names: Partial<Record<TlsVersion, readonly string[]>>): Scan['groups'] {
  return offered(groupNumber, names);
}

export function schemes(names: Partial<Record<TlsVersion, readonly string[]>>): Scan['signatureSchemes'] {
  return offered(signatureSchemeNumber, names);
}

/** The clean suites of TLS 1.2 with these behind them. */
export function withSuites(...names: readonly string[]): ScanChange {
  return { cipherSuites: suites({ 'TLSv1.3': SUITES_OF_1_3, 'TLSv1.2': [...SUITES_OF_1_2, ...names] }) };
}

/** An older version beside the clean ones. */
export function withVersion(version: TlsVersion, ...names: readonly string[]): ScanChange {
  return {
    protocols: speaking(version, 'TLSv1.2', 'TLSv1.3'),
    cipherSuites: suites({
      'TLSv1.3': SUITES_OF_1_3,
      'TLSv1.2': SUITES_OF_1_2,
      ...(names.length > 0 ? { [version]: names } : {}),
    }),
  };
}

/** TLS 1.2 or 1.3 alone. */
export function onlyVersion(version: 'TLSv1.2' | 'TLSv1.3', ...names: readonly string[]): ScanChange {
  const list = names.length > 0 ? names : version === 'TLSv1.3' ? SUITES_OF_1_3 : SUITES_OF_1_2;
  const { groups: agreed, signatureSchemes } = sampleScan();
  const only = <T>(all: ReadonlyMap<TlsVersion, T>): ReadonlyMap<TlsVersion, T> =>
    new Map([...all].filter(([spoken]) => spoken === version));
  return {
    protocols: speaking(version),
    cipherSuites: suites({ [version]: list }),
    groups: only(agreed),
    signatureSchemes: only(signatureSchemes),
  };
}

/** DHE with this group, beside the clean suites. */
export function withDh(primeBits: number, prime: Uint8Array = new Uint8Array(primeBits / 8).fill(0xff)) {
  const suite = 'TLS_DHE_RSA_WITH_AES_128_GCM_SHA256';
  const group: DhParameters = {
    version: 'TLSv1.2',
    cipherSuite: cipherSuiteNamed(suite)!.id,
    primeBits,
    prime,
    generator: new Uint8Array([2]),
  };
  return { ...withSuites(suite), dhParameters: [group] } satisfies ScanChange;
}

export const SUITES_OF_1_3: readonly string[] = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
];
export const SUITES_OF_1_2: readonly string[] = [
  'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384',
  'TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
];

function offered(
  numberOf: (name: string) => number | null,
  names: Partial<Record<TlsVersion, readonly string[]>>,
): Scan['groups'] {
  const entries = Object.entries(names) as Array<[TlsVersion, readonly string[]]>;
  return new Map(
    entries.map(([version, list]) => [
      version,
      { ids: list.map((name) => numberOf(name)!), incomplete: null },
    ]),
  );
}

const OPEN: Observations['clientAuth'] = {
  requested: false,
  required: false,
  enforcedBy: null,
  acceptableCAs: [],
};

const CLEAN_HELLO: Scan['hello'] = {
  alpn: told(['http/1.1']),
  compression: told(false),
  secureRenegotiation: told(true),
  extendedMasterSecret: told(true),
  encryptThenMac: told(true),
  fallbackScsv: told(true),
  downgradeSentinel: told(true),
  claimsHigherVersion: told(false),
  toleratesGrease: told(true),
  toleratesUnknownVersion: told(true),
};

const CLEAN_SESSIONS: Scan['sessions'] = {
  resumesById: told(false),
  resumesByTicket: told(true),
  resumesTls13: told(true),
  ticketLifetimeSeconds: told(7200),
  earlyDataBytes: told(0),
  clientRenegotiation: told(false),
};

const NOT_VULNERABLE: Told<FaultFinding> = told({ vulnerable: false, evidence: 'not vulnerable' });
const CLEAN_FAULTS: Scan['faults'] = {
  heartbleed: NOT_VULNERABLE,
  ccsInjection: NOT_VULNERABLE,
  ticketbleed: NOT_VULNERABLE,
  robot: NOT_VULNERABLE,
};
