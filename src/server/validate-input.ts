import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js';
import type { FastifyInstance } from 'fastify';

/** Holds requests against their schemas (JSON Schema 2020-12). A body says what it means by its own types; what stands in a
 *  URL or a header field is text, and is read as what the schema wants. */
export function validateInput(app: FastifyInstance): void {
  const bodies = new Ajv2020(STRICT);
  const texts = new Ajv2020({ ...STRICT, coerceTypes: true });
  app.setValidatorCompiler<object>(({ schema, httpPart }): Validate => {
    const validate = (httpPart === 'body' ? bodies : texts).compile(schema);
    return httpPart === 'params' ? inOneSpelling(validate) : validate;
  });
}

type Validate = ((data: object) => boolean) & Pick<ValidateFunction, 'errors'>;

/** Rules of access are held against paths as they are written: a number stands there in one way alone, or `/items/07` would be
 *  the item that a rule keeps by `/items/7`. */
function inOneSpelling(validate: ValidateFunction): Validate {
  const held: Validate = (data) => {
    const written = Object.entries(data);
    const isValid = validate(data); // which reads the texts in it
    held.errors = validate.errors ?? null;
    const read = data as Readonly<Record<string, unknown>>;
    const other = isValid ? written.find(([name, text]) => String(read[name]) !== text) : undefined;
    if (other === undefined) return isValid;
    held.errors = [{ ...SPELLING, instancePath: `/${other[0]}` }];
    return false;
  };
  return held;
}

const SPELLING = {
  keyword: 'spelling',
  schemaPath: '',
  params: {},
  message: 'must be written without anything but its digits',
};

const STRICT: Options = { useDefaults: true, allErrors: false };
