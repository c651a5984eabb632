import type { Certificate } from '../x509/certificate.js';
import { subjectAltNameOf } from '../x509/extensions/subject-alt-name.js';
import { formatGeneralName } from '../x509/general-name.js';
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
 *  What begins with no known kind is a commonName; the kind itself may be written in any case. */
export function identityKey(text: string): string {
  const kind = KINDS.find((known) => text.slice(0, known.length).toUpperCase() === known);
  return kind === undefined ? `CN:${text}` : kind + text.slice(kind.length);
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
  const keys = [...(commonName === null ? [] : [`CN:${commonName}`]), ...names];
  return {
    name: commonName ?? subjectAltName[0] ?? subject,
    commonName,
    subjectAltName,
    keys: new Set(keys),
    key: keys[0] ?? `subject:${subject}`,
  };
}

/** What a name may begin with, to say which kind it is of. */
export const KINDS: readonly string[] = ['CN:', 'URI:', 'DNS:', 'IP:', 'EMAIL:'];
