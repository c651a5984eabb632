import type { Schema } from './schema-faults.js';

const names = (description: string, maximum = 200): Schema => ({
  description,
  type: 'array',
  uniqueItems: true,
  maxItems: maximum,
  items: { type: 'string', pattern: '^[A-Za-z0-9_.-]{1,80}$' },
});
const protocols = (description: string): Schema => ({
  description,
  type: 'array',
  uniqueItems: true,
  items: { enum: ['TLSv1.2', 'TLSv1.3'] },
});
const words = (description: string, maxLength: number): Schema => ({
  description,
  type: 'string',
  minLength: 1,
  maxLength,
});
const day = (description: string): Schema => ({
  description,
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
});
const bits = (description: string): Schema => ({
  description,
  type: ['integer', 'null'],
  minimum: 512,
  maximum: 65_536,
});

const CERTIFICATE: Readonly<Record<string, Schema>> = {
  keyKinds: {
    description: 'Kinds of key that it may have.',
    type: 'array',
    uniqueItems: true,
    minItems: 1,
    items: { enum: ['ec', 'rsa', 'ed25519', 'ed448', 'ml-dsa-44', 'ml-dsa-65', 'ml-dsa-87'] },
  },
  curves: names('Named curves of EC keys, by IANA group name: secp256r1.'),
  minimumRsaBits: bits('The fewest bits of an RSA modulus; null where RSA is not among the kinds.'),
  signatureAlgorithms: {
    ...names('What it may be signed with, as sha256WithRSAEncryption; null: anything but a weak hash.'),
    type: ['array', 'null'],
  },
  maximumLifetimeDays: {
    description: 'From notBefore to notAfter; null for no limit.',
    type: ['integer', 'null'],
    minimum: 1,
    maximum: 36_500,
  },
};
const SUITES: Readonly<Record<string, Schema>> = {
  'TLSv1.2': names('Cipher suites of TLS 1.2 by IANA or OpenSSL name, the best first.', 400),
  'TLSv1.3': names('Cipher suites of TLS 1.3, the best first.', 400),
};

/** What a policy file holds, in JSON Schema 2020-12. With `extends` all but its name is optional: what is left out is as in
 *  the policy that it extends; lists are replaced, objects are changed key by key. */
export const POLICY_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A policy of sslapi: what a TLS endpoint may offer, and what it must',
  type: 'object',
  additionalProperties: false,
  required: ['id', 'title', 'version'],
  properties: {
    $schema: { description: 'Where this schema lies, for editors.', type: 'string' },
    schemaVersion: { description: 'The version of this format.', const: 1 },
    extends: {
      description: 'The policy that this one changes.',
      enum: ['modern', 'intermediate', 'nist', 'bcp195'],
    },
    id: { description: 'A short name.', type: 'string', pattern: '^[a-z0-9][a-z0-9.-]{0,39}$' },
    title: words('What a report calls it.', 100),
    version: words('Its version, as you count.', 40),
    published: day('The day it was published, like 2026-11-24.'),
    checked: day('The day it was last held against its source.'),
    source: words('Where it comes from: an address, or a document.', 500),
    note: { ...words('What else is to be known of it.', 1000), type: ['string', 'null'] },
    protocols: { ...protocols('The versions that may be offered.'), minItems: 1 },
    requiredProtocols: protocols('Those of them that must be.'),
    cipherSuites: {
      description: 'The suites to configure for each version.',
      type: 'object',
      additionalProperties: false,
      properties: SUITES,
    },
    groups: { ...names('Named groups to configure, by IANA name: x25519.'), minItems: 1 },
    alsoAcceptable: {
      description: 'What is never configured and never a finding.',
      type: 'object',
      additionalProperties: false,
      properties: { cipherSuites: names('By name.', 400), groups: names('By IANA name.') },
    },
    signatureSchemes: {
      ...names('Signature schemes of a handshake by IANA name; null for any.'),
      type: ['array', 'null'],
    },
    serverPreference: {
      description: 'Whether the server chooses by its own order; null for either.',
      type: ['boolean', 'null'],
    },
    certificate: {
      description: "What a server's certificate is like.",
      type: 'object',
      additionalProperties: false,
      properties: CERTIFICATE,
    },
    minimumDhBits: bits('The fewest bits of a finite-field prime; null where none may be offered.'),
    hstsMaxAgeSeconds: {
      description: 'The least max-age of Strict-Transport-Security; null for none.',
      type: ['integer', 'null'],
      minimum: 0,
      maximum: 3_153_600_000,
    },
  },
  if: { required: ['extends'] },
  else: {
    required: [
      'published',
      'checked',
      'source',
      'protocols',
      'requiredProtocols',
      'cipherSuites',
      'groups',
      'signatureSchemes',
      'serverPreference',
      'certificate',
      'minimumDhBits',
      'hstsMaxAgeSeconds',
    ],
    properties: {
      cipherSuites: { required: Object.keys(SUITES) },
      certificate: { required: Object.keys(CERTIFICATE) },
    },
  },
};
