import { describe, expect, it } from 'vitest';
import { alertName } from '../../src/tls/alert.js';
import { DecodeError } from '../../src/tls/byte-reader.js';
import { GROUP, groupName, groupNumber, knownGroups } from '../../src/tls/group.js';
import { AGREEABLE_GROUPS, generateKeyShare } from '../../src/tls/key-share.js';
import {
  knownSignatureSchemes,
  SIGNATURE_SCHEME,
  signatureSchemeName,
  signatureSchemeNumber,
} from '../../src/tls/signature-scheme.js';
import { TLS_VERSIONS, versionNumber, versionOf } from '../../src/tls/version.js';

describe('code points and their names lead to each other', () => {
  it('alerts', () => {
    expect(new Set(Array.from({ length: 256 }, (_, alert) => alertName(alert))).size).toBe(256);
    expect([40, 48, 116, 77].map(alertName)).toEqual([
      'handshake_failure',
      'unknown_ca',
      'certificate_required',
      'alert(77)',
    ]);
  });

  it('groups', () => {
    for (const group of knownGroups()) expect(groupNumber(groupName(group))).toBe(group);
    for (const [name, group] of Object.entries(GROUP)) expect(groupName(group)).toBe(name);
    expect(groupName(0x4242)).toBe('0x4242');
    expect(groupNumber('no such group')).toBeNull();
  });

  it('signature schemes', () => {
    for (const scheme of knownSignatureSchemes())
      expect(signatureSchemeNumber(signatureSchemeName(scheme))).toBe(scheme);
    for (const [name, scheme] of Object.entries(SIGNATURE_SCHEME))
      expect(signatureSchemeName(scheme)).toBe(name);
    expect([0x0301, 0x0202, 0x0101, 0xfe00].map(signatureSchemeName)).toEqual([
      'rsa_sha224',
      'dsa_sha1',
      'rsa_md5',
      '0xfe00',
    ]);
    expect(signatureSchemeNumber('no such scheme')).toBeNull();
  });

  it('versions', () => {
    for (const version of TLS_VERSIONS) expect(versionOf(versionNumber(version))).toBe(version);
    expect(versionOf(0x0305)).toBeNull();
  });
});

describe('key shares', () => {
  it.each(AGREEABLE_GROUPS.map((group) => [groupName(group), group] as const))(
    '%s: both sides come to one secret',
    (_name, group) => {
      const [ours, theirs] = [generateKeyShare(group)!, generateKeyShare(group)!];

      expect(Buffer.from(ours.agree(theirs.keyExchange))).toEqual(
        Buffer.from(theirs.agree(ours.keyExchange)),
      );
      for (const bad of [
        new Uint8Array(),
        new Uint8Array(ours.keyExchange.length),
        theirs.keyExchange.slice(1),
      ]) {
        expect(() => ours.agree(bad)).toThrow(DecodeError);
      }
    },
  );

  it('are made for no other group', () => expect(generateKeyShare(GROUP.X25519MLKEM768)).toBeNull());
});
