import type { Schema } from '../policy/schema-faults.js';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', '*'];
const IDENTITY: Schema = { type: 'string', minLength: 1, maxLength: 1_000 };

/** The shape of the file of `serve --access`; `templates/access.schema.json` is the same. */
export const ACCESS_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Who may do what at the API of sslapi serve',
  description: 'The first rule that fits a request decides; where none does, the answer is no.',
  type: 'object',
  additionalProperties: false,
  required: ['rules'],
  properties: {
    $schema: { description: 'Where this schema lies, for editors.', type: 'string' },
    schemaVersion: { description: 'The version of this format.', const: 1 },
    groups: {
      description: 'Names for several identities.',
      type: 'object',
      additionalProperties: { type: 'array', maxItems: 100_000, items: IDENTITY },
    },
    rules: {
      type: 'array',
      maxItems: 10_000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['methods', 'paths'],
        properties: {
          identity: {
            ...IDENTITY,
            description:
              'Whom it is for, by the verified certificate: a commonName (alice, CN:alice), a subjectAltName (URI:spiffe://acme/billing, EMAIL:alice@acme.test, DNS:, IP:), * for every client with a certificate, or anonymous for those without.',
          },
          group: { ...IDENTITY, description: 'The name of a group, instead of an identity.' },
          allow: { description: 'Whether it allows or denies; true where it is left out.', type: 'boolean' },
          methods: {
            description: 'GET stands for HEAD as well, * for every method.',
            type: 'array',
            minItems: 1,
            items: { enum: METHODS },
          },
          paths: {
            description: 'Whole paths; a * at the end stands for whatever follows: /items/*, or * for all.',
            type: 'array',
            minItems: 1,
            maxItems: 1_000,
            items: {
              type: 'string',
              description: 'a path that begins with / and has a * at its end at most',
              pattern: '^(\\*|/[^*?#]*\\*?)$',
              maxLength: 2_000,
            },
          },
        },
      },
    },
  },
};
