// What the page says, and how it says numbers and times.

export const LEADS = {
  known: 'No password, no token: you proved it with a key, in the handshake.',
  optional: 'You showed no certificate, and this server lets you look around without one.',
  require: 'You showed no certificate.',
  off: 'This server asks nobody for a certificate: it cannot know who you are.',
};
/** Refusals that another certificate would not help against. */
export const NO_CERTIFICATE_HELPS = ['not-allowed', 'rate-limited', 'store-unavailable', 'path-ambiguous'];
export const CLIENT_AUTH = {
  require: 'certificate required',
  optional: 'certificate optional',
  off: 'no certificate asked for',
};
export const ROLES = {
  'trust-anchor': 'root, trusted',
  intermediate: 'CA',
  server: 'this server',
  client: 'you',
};
export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

export const CERTIFICATES = {
  both: 'Both ends showed one, and each chain ends in a root that the other end trusts.',
  one: 'Only the server showed one.',
};

/** How many names of a certificate are shown without being asked for. */
export const NAMES_SHOWN = 8;

/** How who has no certificate gets one, or gets to be asked for one. */
export const STEPS = {
  optional: [
    {
      title: 'Have a certificate made',
      commands: ['sslapi issue-client NAME', 'sslapi export NAME --format p12 --out NAME.p12'],
      text: [
        'Whoever runs this CA types that, and gives you NAME.p12 with its password. For macOS and old systems: `--format p12-legacy`.',
      ],
    },
    {
      title: 'Import it',
      text: [
        'Chrome and Edge on Windows, Safari and Chrome on macOS: open NAME.p12; it goes into the store of the system.',
        'Chrome on Linux: `chrome://certificate-manager`, “Your certificates”, Import.',
        'Firefox: Settings, Privacy & Security, View Certificates, “Your Certificates”, Import.',
      ],
    },
    {
      title: 'Come back',
      text: [
        'Close the browser, open this page again, and choose the certificate when you are asked: it is shown in the handshake, so a connection that is open knows nothing of it.',
      ],
    },
  ],
  off: [
    {
      title: 'Have the server ask',
      commands: ['sslapi serve --client-auth optional'],
      text: [
        'Then it knows whoever shows a certificate; with `--client-auth require` it lets nobody else in.',
      ],
    },
  ],
};

/** `89 days`, `9.9 years`: the largest unit of which there are two; never more than it is. */
export function span(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  const [unit, length] = UNITS.find(([, size]) => seconds >= 2 * size) ?? ['second', 1];
  const parts = unit === 'year' ? 10 : 1;
  return counted(Math.floor((seconds * parts) / length) / parts, unit);
}

export function counted(count, unit) {
  return `${number(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** `1,472`; what has more digits than one reads at a glance is `2.04M`. */
export function number(count) {
  return count < 1_000_000 ? count.toLocaleString('en') : COMPACT.format(count);
}

/** Times as people write them, wherever they stand in a text. */
export function moment(text) {
  return text.replace(/(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z/g, '$1 $2 UTC');
}

/** `TLS 1.3`, where OpenSSL says TLSv1.3. */
export function protocolName(protocol) {
  return protocol === null ? 'TLS' : protocol.replace('TLSv', 'TLS ');
}

/** The commonName of a subject as RFC 4514 has it, or all of it. */
export function nameOf(subject) {
  return /^CN=((?:[^,+\\]|\\.)*)/.exec(subject)?.[1].replace(/\\(.)/g, '$1') ?? subject;
}

const COMPACT = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 2 });
const UNITS = [
  ['year', 31_556_952],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];
