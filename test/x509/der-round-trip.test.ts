import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bitString,
  boolean,
  type DerReader,
  ia5String,
  integer,
  namedBits,
  octetString,
  oid,
  printableString,
  readBitString,
  readBoolean,
  readInteger,
  readNamedBits,
  readOctetString,
  readOid,
  readTime,
  time,
  utf8String,
} from '../../src/x509/der.js';
import { decodeString } from '../../src/x509/directory-string.js';
import { decodeWhole } from '../../src/x509/extension.js';
import {
  issuingDistributionPoint,
  readIssuingDistributionPoint,
} from '../../src/x509/extensions/issuing-distribution-point.js';
import { nameConstraints, readNameConstraints } from '../../src/x509/extensions/name-constraints.js';
import { policyConstraints, readPolicyConstraints } from '../../src/x509/extensions/policy-constraints.js';
import { policyMappings, readPolicyMappings } from '../../src/x509/extensions/policy-mappings.js';
import { formatName, makeName, parseName, sameName } from '../../src/x509/name.js';
import { OID } from '../../src/x509/oid.js';

/** What is written is read again, whole, and is what it was. */
function roundTrips<T>(
  values: fc.Arbitrary<T>,
  write: (value: T) => Uint8Array,
  read: (reader: DerReader) => T,
  by: (value: T) => unknown = (value) => value,
): void {
  fc.assert(
    fc.property(values, (value) => {
      expect(by(decodeWhole(write(value), read))).toEqual(by(value));
    }),
  );
}

const octets = fc.uint8Array({ maxLength: 300 });
const plain = (bytes: Uint8Array): number[] => [...bytes];
const reasons = fc.uniqueArray(fc.integer({ min: 0, max: 8 }), { minLength: 1 }).map((bits) => new Set(bits));
const oids = fc
  .tuple(
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 39 }),
    fc.array(fc.nat(), { maxLength: 8 }),
  )
  .map(([first, second, rest]) => [first, second, ...rest].join('.'));
const hosts = fc.stringMatching(/^[a-z0-9]{1,10}(\.[a-z0-9]{1,10}){0,3}$/);

describe('DER round trips', () => {
  it('BOOLEAN', () => roundTrips(fc.boolean(), boolean, readBoolean));
  it('INTEGER', () => roundTrips(fc.bigInt(), integer, readInteger));
  it('OCTET STRING', () => roundTrips(octets, octetString, readOctetString, plain));
  it('OBJECT IDENTIFIER', () => roundTrips(oids, oid, readOid));
  it('BIT STRING', () => roundTrips(octets, bitString, (reader) => readBitString(reader).bytes, plain));
  it('named bits', () =>
    roundTrips<ReadonlySet<number>>(reasons, namedBits, readNamedBits, (bits) => [...bits].sort()));
  it('times, to the second', () =>
    roundTrips(
      fc.date({ min: new Date('1950-01-01'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true }),
      time,
      readTime,
      (date) => Math.floor(date.getTime() / 1000),
    ));
  it('UTF8String', () =>
    roundTrips(fc.string({ unit: 'grapheme' }), utf8String, (reader) => decodeString(reader).value));
  it('PrintableString', () =>
    roundTrips(
      fc.stringMatching(/^[A-Za-z0-9 '()+,\-./:=?]*$/),
      printableString,
      (reader) => decodeString(reader).value,
    ));
  it('IA5String', () =>
    roundTrips(fc.stringMatching(/^[\x20-\x7e]*$/), ia5String, (reader) => decodeString(reader).value));
});

describe('extensions round trip', () => {
  it('policyMappings', () =>
    roundTrips(
      fc.array(fc.record({ issuerDomainPolicy: oids, subjectDomainPolicy: oids }), {
        minLength: 1,
        maxLength: 5,
      }),
      (mappings) => policyMappings(mappings).value,
      readPolicyMappings,
    ));

  it('policyConstraints', () =>
    roundTrips(
      fc.record({ requireExplicitPolicy: fc.nat(), inhibitPolicyMapping: fc.nat() }),
      (constraints) => policyConstraints(constraints).value,
      (reader) =>
        readPolicyConstraints(reader) as { requireExplicitPolicy: number; inhibitPolicyMapping: number },
    ));

  it('nameConstraints', () =>
    roundTrips(
      fc.array(hosts, { minLength: 1, maxLength: 5 }),
      (bases) =>
        nameConstraints({
          permittedSubtrees: bases.map((value) => ({ type: 'dNSName', value })),
          excludedSubtrees: [],
        }).value,
      (reader) =>
        readNameConstraints(reader).permittedSubtrees.map((base) =>
          base.type === 'dNSName' ? base.value : '',
        ),
    ));

  it('issuingDistributionPoint', () =>
    roundTrips(
      fc.record({
        onlyContainsUserCerts: fc.boolean(),
        onlyContainsCACerts: fc.boolean(),
        onlySomeReasons: reasons,
        indirectCRL: fc.boolean(),
        onlyContainsAttributeCerts: fc.boolean(),
      }),
      (point) => issuingDistributionPoint(point).value,
      (reader) => readIssuingDistributionPoint(reader) as never,
      (point) => ({ ...point, onlySomeReasons: [...point.onlySomeReasons].sort() }),
    ));
});

describe('names', () => {
  const words = fc.stringMatching(/^[\p{L}\p{N} ,+"\\<>;=#]{1,30}$/u).filter((text) => text.trim() !== '');

  it('are read as they were written, whatever has to be escaped', () => {
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 4 }), (values) => {
        const name = makeName(values.map((value) => [{ type: OID.organizationName, value }]));
        expect(sameName(parseName(formatName(name)), name)).toBe(true);
      }),
    );
  });
});
