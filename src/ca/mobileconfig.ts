import { fingerprint256 } from '../x509/fingerprint.js';
import type { ExportMaterial } from './export-material.js';

/** A configuration profile for Apple's devices: the CAs to trust and the identity, whose password is asked for when it is
 *  installed. The same certificate gives the same identifiers, so that it replaces itself.
 *  @param pkcs12 of the old form: these systems read no other */
export function mobileconfig(
  { friendlyName, certificate, authorities }: ExportMaterial,
  pkcs12: Uint8Array,
): string {
  const identity = {
    PayloadType: 'com.apple.security.pkcs12',
    PayloadCertificateFileName: `${friendlyName}.p12`,
    PayloadContent: pkcs12,
    ...namesOf(certificate, 'identity', friendlyName),
  };
  const payloads = [
    ...authorities.map((der, at) => authorityPayload(der, at === authorities.length - 1)),
    identity,
  ];
  const profile = {
    PayloadContent: payloads,
    PayloadType: 'Configuration',
    ...namesOf(certificate, 'profile', friendlyName),
  };
  return `${HEAD}<plist version="1.0">\n${plist(profile)}\n</plist>\n`;
}

function authorityPayload(der: Uint8Array, isRoot: boolean): Plist {
  const what = isRoot ? 'root' : 'pkcs1';
  return {
    PayloadType: `com.apple.security.${what}`,
    PayloadCertificateFileName: `${isRoot ? 'root' : 'issuing'}-ca.cer`,
    PayloadContent: der,
    ...namesOf(der, what, isRoot ? 'Root CA' : 'Issuing CA'),
  };
}

function namesOf(der: Uint8Array, what: string, displayName: string): Record<string, Plist> {
  const print = fingerprint256(Buffer.concat([der, Buffer.from(what)]));
  return {
    PayloadVersion: 1,
    PayloadIdentifier: `sslapi.${what}.${print.slice(0, 16)}`,
    PayloadUUID: uuidOf(print),
    PayloadDisplayName: displayName,
  };
}

/** Version 8 of RFC 9562: of a digest of our own choice. */
function uuidOf(print: string): string {
  const variant = ((Number.parseInt(print.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    print.slice(0, 8),
    print.slice(8, 12),
    `8${print.slice(13, 16)}`,
    `${variant}${print.slice(17, 20)}`,
    print.slice(20, 32),
  ]
    .join('-')
    .toUpperCase();
}

type Plist = string | number | Uint8Array | readonly Plist[] | { readonly [key: string]: Plist };

function plist(value: Plist): string {
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  if (typeof value === 'number') return `<integer>${value}</integer>`;
  if (value instanceof Uint8Array) return `<data>${Buffer.from(value).toString('base64')}</data>`;
  if (isList(value)) return `<array>\n${value.map(plist).join('\n')}\n</array>`;
  const entries = Object.entries(value).map(([key, one]) => `<key>${escaped(key)}</key>\n${plist(one)}`);
  return `<dict>\n${entries.join('\n')}\n</dict>`;
}

function isList(value: Plist): value is readonly Plist[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';
