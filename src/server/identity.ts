import type { Certificate } from '../x509/certificate.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import { formatGeneralName } from '../x509/general-name.js';
import { formatIpAddress, parseIpAddress } from '../x509/ip-address.js';
import { commonNameOf, formatName } from '../x509/name.js';

/** Who a client is, by its verified certificate and nothing else. */
export interface Identity {
  /** What people call it: the commonName, else its first subjectAltName, else the subject. */
  readonly name: string;
  readonly commonName: string | null;
  /** `URI:spiffe://acme/billing`, `EMAIL:alice@acme.test` … */
  readonly subjectAltName: readonly string[];
  /** Everything that a rule can mean it by, each with its kind, so that a commonName `URI:x` is never taken for the URI x. */
  readonly keys: ReadonlySet<string>;
  /** One of the keys, the same for every certificate of that name: what is counted by. */
  readonly key: string;
}

/** What a rule means by `alice`, `CN:alice`, `URI:spiffe://acme/billing` or `EMAIL:alice@acme.test`: a key of an identity.
 *  What begins with no known kind is a commonName; the kind itself may be written in any case, and so may what has none. */
export function identityKey(text: string): string {
  const kind = KINDS.find((known) => text.slice(0, known.length).toUpperCase() === known);
  return kind === undefined ? `CN:${text}` : kind + oneForm(kind, text.slice(kind.length));
}

/** Whether it says that it is an IP address, and is none. */
export function isNoAddress(text: string): boolean {
  return /^IP:/i.test(text) && parseIpAddress(text.slice('IP:'.length)) === null;
}

/** Whether a name begins like one of a kind that we do not know (`CN=alice`, `spiffe://acme/x`): as a commonName it would
 *  most likely mean nobody. */
export function isOfUnknownKind(text: string): boolean {
  return identityKey(text) === `CN:${text}` && /^[A-Za-z][A-Za-z0-9+.-]*[=:]/.test(text);
}

/** The identity that a verified client's certificate gives it. */
export function identityOf(leaf: Certificate): Identity {
  const commonName = commonNameOf(leaf.subject) ?? null;
  const subjectAltName = (subjectAltNameOf(leaf) ?? []).map(formatGeneralName);
  const subject = formatName(leaf.subject);
  const names = subjectAltName.filter((name) => KINDS.some((kind) => name.startsWith(kind)));
  const keys = [...(commonName === null ? [] : [`CN:${commonName}`]), ...names.map(identityKey)];
  return {
    name: commonName ?? subjectAltName[0] ?? subject,
    commonName,
    subjectAltName,
    keys: new Set(keys),
    key: keys[0] ?? `subject:${subject}`,
  };
}

/** Names that are the same by the rules of their kind: hosts and schemes in either case, RFC 5280 §7.2, §7.4 and §7.5; an address
 *  however it is written, RFC 5952. */
function oneForm(kind: string, name: string): string {
  switch (kind) {
    case 'DNS:':
      return name.toLowerCase();
    case 'EMAIL:':
      return name.replace(/@[^@]*$/, (host) => host.toLowerCase());
    case 'URI:':
      return name.replace(/^[^:/?#]+:(\/\/[^/?#]*)?/, (start) => start.replace(HOST_AND_SCHEME, lowerCase));
    case 'IP:': {
      const octets = parseIpAddress(name);
      return octets === null ? name : formatIpAddress(octets);
    }
    default:
      return name;
  }
}

function lowerCase(text: string): string {
  return text.toLowerCase();
}

/** All but who is named before the host. */
const HOST_AND_SCHEME = /^[^:]+:(\/\/)?|[^@/]*$/g;
/** What a name may begin with, to say which kind it is of. */
export const KINDS: readonly string[] = ['CN:', 'URI:', 'DNS:', 'IP:', 'EMAIL:'];
