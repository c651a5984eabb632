import { isPublicSuffix } from '../policy/public-suffix.js';
import { sameBytes } from '../x509/der.js';
import type { GeneralName } from '../x509/general-name.js';
import { formatIpAddress } from '../x509/ip-address.js';
import { OID } from '../x509/oid.js';
import { bitLength, describeKey, readRsaPublicKey } from '../x509/subject-public-key-info.js';
import type { Place } from './check-certificate.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** What the CA/Browser Forum's Baseline Requirements ask beyond RFC 5280, so far as a verifier can see it (§7.1). */
export function checkBaseline(subject: PathCertificate, place: Place): Refusal | null {
  const fault =
    (subject.certificate.version === 3 ? null : 'a certificate that is not of version 3 (§7.1.1)') ??
    keyFault(subject) ??
    keyIdentifierFault(subject, place) ??
    (place === 'leaf' ? subscriberFault(subject) : caFault(subject, place));
  return fault === null ? null : refusal('baseline-violation', fault);
}

/** §6.1.5 and §6.1.6. */
function keyFault({ certificate: { subjectPublicKeyInfo } }: PathCertificate): string | null {
  const kind = describeKey(subjectPublicKeyInfo);
  if (kind.startsWith('ec-')) return null;
  if (!kind.startsWith('rsa-')) return `a key of type ${kind} (§6.1.5)`;
  const bits = bitLength(readRsaPublicKey(subjectPublicKeyInfo.publicKey).modulus);
  return bits % 8 === 0 ? null : `an RSA modulus of ${bits} bits, no multiple of 8 (§6.1.5)`;
}

/** §7.1.2.11.1, and §7.1.2.1.3 for a root. */
function keyIdentifierFault({ extensions, selfIssued }: PathCertificate, place: Place): string | null {
  const { authorityKeyIdentifier: aki, subjectKeyIdentifier: ski } = extensions;
  if (aki === undefined) return null;
  if (aki.authorityCertIssuer !== undefined || aki.authorityCertSerialNumber !== undefined) {
    return 'authorityKeyIdentifier with an issuer and a serial number (§7.1.2.11.1)';
  }
  if (place !== 'anchor' || !selfIssued) return null;
  const same = aki.keyIdentifier !== undefined && ski !== undefined && sameBytes(aki.keyIdentifier, ski);
  return same ? null : "a root whose authorityKeyIdentifier is not its own key's (§7.1.2.1.3)";
}

/** §7.1.2.1.2 and §7.1.2.10. */
function caFault({ extensions, selfIssued }: PathCertificate, place: Place): string | null {
  if (extensions.keyUsage === undefined) return 'a CA without keyUsage (§7.1.2.1.2)';
  const root = place === 'anchor' && selfIssued;
  return root && extensions.extKeyUsage !== undefined ? 'a root with extKeyUsage (§7.1.2.1.2)' : null;
}

/** §7.1.2.7, the certificate of a server. */
function subscriberFault(subject: PathCertificate): string | null {
  const { extensions } = subject;
  if (extensions.basicConstraints?.ca) return 'a CA certificate in the place of a server’s (§7.1.2.7.8)';
  const purposes = extensions.extKeyUsage;
  if (purposes === undefined) return 'no extKeyUsage (§7.1.2.7.6)';
  if (purposes.includes(OID.anyExtendedKeyUsage)) return 'extKeyUsage with anyExtendedKeyUsage (§7.1.2.7.10)';
  if (extensions.critical.has(OID.extKeyUsage)) return 'extKeyUsage is critical (§7.1.2.7.6)';
  return subjectAltNameFault(subject) ?? commonNameFault(subject);
}

/** §7.1.2.7.12. */
function subjectAltNameFault({ extensions }: PathCertificate): string | null {
  const names = extensions.subjectAltName;
  if (names === undefined) return 'no subjectAltName (§7.1.2.7.12)';
  const other = names.find(({ type }) => type !== 'dNSName' && type !== 'iPAddress');
  return other === undefined ? wildcardFault(names) : `subjectAltName with a ${other.type} (§7.1.2.7.12)`;
}

/** §3.2.2.6: no wildcard right below a public suffix. */
function wildcardFault(names: readonly GeneralName[]): string | null {
  for (const name of names) {
    if (name.type !== 'dNSName' || !name.value.startsWith('*.')) continue;
    if (isPublicSuffix(name.value.slice(2).toLowerCase())) return `the wildcard ${name.value} (§3.2.2.6)`;
  }
  return null;
}

/** §7.1.4.3: a commonName is a character-for-character copy of a name in subjectAltName. Held against what looks like
 *  an address or is no ASCII, and against hosts where subjectAltName has whole hosts to copy: browsers never read the
 *  commonName, and beside addresses and wildcards alone a host's name in it deceives nobody. */
function commonNameFault({ certificate, extensions }: PathCertificate): string | null {
  const names = (extensions.subjectAltName ?? []).map((name) =>
    name.type === 'iPAddress' ? formatIpAddress(name.octets) : name.type === 'dNSName' ? name.value : '',
  );
  const hasHosts = extensions.subjectAltName?.some(
    (name) => name.type === 'dNSName' && !name.value.startsWith('*.'),
  );
  const stranger = certificate.subject.rdns
    .flat()
    .find(
      ({ type, value }) =>
        type === OID.commonName && !names.includes(value) && (hasHosts || LIKE_AN_ADDRESS.test(value)),
    );
  return stranger === undefined
    ? null
    : `the commonName "${stranger.value}" is no copy of a name in subjectAltName (§7.1.4.3)`;
}

/** Digits, hex digits, periods and colons, at least one digit among them; or any character beyond ASCII. */
const LIKE_AN_ADDRESS = /^(?=.*\d)[0-9a-fx.:]+$|[\u0080-\uffff]/i;
