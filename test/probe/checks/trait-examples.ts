import { type Scan, told, untold } from '../../../src/probe/scan.js';
import { onlyVersion, withSuites, withVersion } from '../sample-scan.js';
import type { Example } from './example.js';

const UNTOLD = untold('the server closed');
const VULNERABLE = told({ vulnerable: true, evidence: 'gave back 16,384 octets' });
const OLD = withVersion('TLSv1.1', 'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA');
const BY_OLD = {
  'offers-no-tls-1-1': 'fail',
  'not-exposed-to-lucky13': 'fail',
  'supports-encrypt-then-mac': 'pass',
} as const;

/** A trait, the check that reads it, and the value that it is not to have. */
const TRAITS: ReadonlyArray<readonly [keyof Scan['hello'], string, boolean]> = [
  ['compression', 'refuses-compression', true],
  ['secureRenegotiation', 'supports-secure-renegotiation', false],
  ['extendedMasterSecret', 'supports-extended-master-secret', false],
  ['downgradeSentinel', 'marks-downgrades', false],
  ['toleratesGrease', 'tolerates-grease', false],
  ['toleratesUnknownVersion', 'tolerates-unknown-versions', false],
];

const FAULTS: ReadonlyArray<readonly [keyof Scan['faults'], string]> = [
  ['heartbleed', 'not-vulnerable-to-heartbleed'],
  ['ccsInjection', 'not-vulnerable-to-ccs-injection'],
  ['ticketbleed', 'not-vulnerable-to-ticketbleed'],
];

const STATIC_RSA = withSuites('TLS_RSA_WITH_AES_128_GCM_SHA256');

export const TRAIT_EXAMPLES: readonly Example[] = [
  ...TRAITS.flatMap(([trait, id, bad]): Example[] => [
    [`${trait} is ${bad}`, { hello: { [trait]: told(bad) } }, { [id]: 'fail' }],
    [`${trait} is not known`, { hello: { [trait]: UNTOLD } }, { [id]: 'inconclusive' }],
  ]),
  [
    'the highest version is marked as a downgrade',
    { hello: { claimsHigherVersion: told(true) } },
    { 'marks-downgrades': 'fail' },
  ],
  ['a fallback from TLS 1.3 to 1.2 is marked otherwise', { hello: { fallbackScsv: told(false) } }, {}],
  ['a fallback to TLS 1.1 is refused', OLD, { ...BY_OLD, 'supports-fallback-scsv': 'pass' }],
  [
    'a fallback to TLS 1.1 is taken',
    { ...OLD, hello: { fallbackScsv: told(false) } },
    { ...BY_OLD, 'supports-fallback-scsv': 'fail' },
  ],
  [
    'a fallback to TLS 1.1 is not known of',
    { ...OLD, hello: { fallbackScsv: UNTOLD } },
    { ...BY_OLD, 'supports-fallback-scsv': 'inconclusive' },
  ],
  [
    'encrypt_then_mac is not known, where a suite is CBC',
    { ...OLD, hello: { encryptThenMac: UNTOLD } },
    { ...BY_OLD, 'supports-fallback-scsv': 'pass', 'supports-encrypt-then-mac': 'inconclusive' },
  ],

  [
    'a client may renegotiate as often as it likes',
    { sessions: { clientRenegotiation: told(true) } },
    { 'refuses-client-renegotiation': 'fail' },
  ],
  [
    'whether it may is not known',
    { sessions: { clientRenegotiation: UNTOLD } },
    { 'refuses-client-renegotiation': 'inconclusive' },
  ],
  ['an octet of early data', { sessions: { earlyDataBytes: told(1) } }, { 'refuses-early-data': 'fail' }],
  [
    'early data is not known of',
    { sessions: { earlyDataBytes: UNTOLD } },
    { 'refuses-early-data': 'inconclusive' },
  ],
  ['a ticket for a day', { sessions: { ticketLifetimeSeconds: told(86_400) } }, {}],
  [
    'a ticket for a second more than a day',
    { sessions: { ticketLifetimeSeconds: told(86_401) } },
    { 'tickets-live-at-most-a-day': 'fail' },
  ],
  [
    'a ticket for a week',
    { sessions: { ticketLifetimeSeconds: told(604_800) } },
    { 'tickets-live-at-most-a-day': 'fail' },
  ],
  [
    'a ticket for a second more than a week',
    { sessions: { ticketLifetimeSeconds: told(604_801) } },
    { 'tickets-live-at-most-a-day': 'fail', 'tickets-live-at-most-a-week': 'fail' },
  ],
  [
    'no ticket',
    { sessions: { ticketLifetimeSeconds: told(0) } },
    {
      'tickets-live-at-most-a-day': 'not-applicable',
      'tickets-live-at-most-a-week': 'not-applicable',
    },
  ],
  [
    'tickets are not known of',
    { sessions: { ticketLifetimeSeconds: UNTOLD } },
    { 'tickets-live-at-most-a-day': 'inconclusive', 'tickets-live-at-most-a-week': 'inconclusive' },
  ],
  [
    'a session is never resumed',
    { sessions: { resumesByTicket: told(false), resumesTls13: told(false) } },
    { 'resumes-sessions': 'fail' },
  ],
  [
    'a session is not resumed, as far as is known',
    { sessions: { resumesByTicket: UNTOLD, resumesTls13: told(false) } },
    { 'resumes-sessions': 'inconclusive' },
  ],
  [
    'a session is resumed one way, the other is not known of',
    { sessions: { resumesByTicket: UNTOLD, resumesTls13: told(true) } },
    {},
  ],

  ...FAULTS.flatMap(([fault, id]): Example[] => [
    [`${fault}: it has the fault`, { faults: { [fault]: VULNERABLE } }, { [id]: 'fail' }],
    [`${fault}: not known`, { faults: { [fault]: UNTOLD } }, { [id]: 'inconclusive' }],
  ]),
  [
    'ROBOT: it has the fault',
    { ...STATIC_RSA, faults: { robot: VULNERABLE } },
    { 'not-vulnerable-to-robot': 'fail', 'offers-no-static-rsa': 'fail' },
  ],
  [
    'ROBOT: not known',
    { ...STATIC_RSA, faults: { robot: UNTOLD } },
    { 'not-vulnerable-to-robot': 'inconclusive', 'offers-no-static-rsa': 'fail' },
  ],
  ['ROBOT: without static RSA there is nothing to decrypt', { faults: { robot: UNTOLD } }, {}],
  [
    'TLS 1.2 alone resumes by ticket, whatever TLS 1.3 would do',
    { ...onlyVersion('TLSv1.2'), sessions: { resumesTls13: UNTOLD, resumesByTicket: told(false) } },
    {
      'resumes-sessions': 'fail',
      'offers-tls-1-3': 'fail',
      'offers-post-quantum-key-exchange': 'fail',
      'offers-no-draft-kyber': 'not-applicable',
      'refuses-early-data': 'not-applicable',
      'marks-downgrades': 'not-applicable',
    },
  ],
];
