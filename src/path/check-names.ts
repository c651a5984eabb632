import { TAG } from '../x509/der.js';
import type { GeneralName } from '../x509/general-name.js';
import { OID, oidName } from '../x509/oid.js';
import type { Place } from './check-certificate.js';
import { isHost, nameFault } from './name-syntax.js';
import type { PathCertificate } from './path-certificate.js';
import { type Refusal, refusal } from './path-result.js';

/** The names by themselves: present where they must be, each of its type's syntax. RFC 5280 §4.1.2.4, §4.1.2.6, §4.2.1.6. */
export function checkNames(subject: PathCertificate, place: Place): Refusal | null {
  const { certificate, extensions } = subject;
  if (certificate.issuer.rdns.length === 0) {
    return refusal('issuer-name-empty', 'the issuer is an empty distinguished name');
  }
  return (
    checkSubject(subject) ??
    (place === 'leaf' ? checkStringTypes(subject) : null) ??
    checkSyntax('subjectAltName', extensions.subjectAltName) ??
    checkSyntax('issuerAltName', extensions.issuerAltName) ??
    checkSyntax('authorityKeyIdentifier', extensions.authorityKeyIdentifier?.authorityCertIssuer) ??
    checkWildcardCommonName(subject)
  );
}

function checkSubject({ certificate, extensions }: PathCertificate): Refusal | null {
  if (certificate.subject.rdns.length > 0) return null;
  if (extensions.basicConstraints?.ca) {
    return refusal('subject-name-empty', 'a CA whose subject is empty');
  }
  if (extensions.subjectAltName === undefined || !extensions.critical.has(OID.subjectAltName)) {
    return refusal('subject-name-empty', 'an empty subject without a critical subjectAltName');
  }
  return null;
}

/** §4.1.2.4: TeletexString and UniversalString SHOULD NOT be used for new subjects; CAs may have had theirs for long. */
function checkStringTypes({ certificate: { subject } }: PathCertificate): Refusal | null {
  const old = subject.rdns.flat().find(({ tag }) => tag === TAG.teletexString || tag === TAG.universalString);
  return old === undefined
    ? null
    : refusal('name-syntax-invalid', `the ${oidName(old.type)} of the subject is no UTF8String`);
}

function checkSyntax(where: string, names: readonly GeneralName[] | undefined): Refusal | null {
  for (const name of names ?? []) {
    const fault = nameFault(name);
    if (fault !== null) return refusal('name-syntax-invalid', `${where}: ${fault}`);
  }
  return null;
}

/** A commonName with a wildcard can only be meant for hosts, and no dNSName says so: the names of subjectAltName are
 *  of something else, such as a mailbox (§4.2.1.6). */
function checkWildcardCommonName({ certificate, extensions }: PathCertificate): Refusal | null {
  if (extensions.subjectAltName?.every((name) => name.type !== 'dNSName') !== true) return null;
  const pattern = certificate.subject.rdns
    .flat()
    .find(({ type, value }) => type === OID.commonName && value.startsWith('*.') && isHost(value.slice(2)));
  return pattern === undefined
    ? null
    : refusal('name-syntax-invalid', `the subject names the hosts ${pattern.value}, subjectAltName none`);
}
