import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';

/** Holds requests against their schemas (JSON Schema 2020-12). A body says what it means by its own types; what stands in a
 *  URL or a header field is text, and is read as what the schema wants. */
export function validateInput(app: FastifyInstance): void {
  const bodies = new Ajv2020(STRICT);
  const texts = new Ajv2020({ ...STRICT, coerceTypes: true });
  app.setValidatorCompiler<object>(
    ({ schema, httpPart }): ValidateFunction => (httpPart === 'body' ? bodies : texts).compile(schema),
  );
}

const STRICT: Options = { useDefaults: true, allErrors: false };
