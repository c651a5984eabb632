/** As much of JSON Schema 2020-12 as the schema of a policy is written in. */
export interface Schema {
  readonly $schema?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: SchemaType | readonly SchemaType[];
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: false | Schema;
  readonly if?: Schema;
  readonly else?: Schema;
}

type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'boolean' | 'null';

/** What is wrong in a document, and where. */
export interface SchemaFault {
  /** RFC 6901; '' for the whole. */
  readonly pointer: string;
  readonly message: string;
  /** A word that is not known there, and those that are. */
  readonly unknown?: { readonly word: string; readonly known: readonly string[] };
}

/** Everything in which a value of JSON does not follow a schema; empty where it does. */
export function schemaFaults(value: unknown, schema: Schema, pointer = ''): SchemaFault[] {
  const fault = (message: string): SchemaFault => ({ pointer, message });
  const types = schema.type === undefined ? [] : [schema.type].flat();
  if (types.length > 0 && !types.some((type) => isOfType(value, type)))
    return [fault(`${inWords(value)} is not ${types.map((type) => TYPE_WORDS[type]).join(' or ')}`)];
  if ('const' in schema && value !== schema.const)
    return [fault(`${inWords(value)} is not ${JSON.stringify(schema.const)}`)];
  if (schema.enum !== undefined && !schema.enum.some((one) => one === value))
    return [notAmong(value, schema.enum, pointer)];
  return [
    ...(typeof value === 'string' ? textFaults(value, schema).map(fault) : []),
    ...(typeof value === 'number' ? numberFaults(value, schema).map(fault) : []),
    ...(Array.isArray(value) ? arrayFaults(value, schema, pointer) : []),
    ...(isObject(value) ? objectFaults(value, schema, pointer) : []),
    ...otherwise(value, schema, pointer),
  ];
}

/** One step further into a document, RFC 6901 §3. */
export function pointerTo(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function textFaults(text: string, { pattern, description, minLength = 0, maxLength }: Schema): string[] {
  const length = [...text].length;
  if (length < minLength) return ['it is empty'];
  if (maxLength !== undefined && length > maxLength)
    return [`${length} characters are more than ${maxLength}`];
  if (pattern === undefined || new RegExp(pattern, 'u').test(text)) return [];
  return [
    `${inWords(text)} ${description === undefined ? `does not match ${pattern}` : `is not ${description}`}`,
  ];
}

function numberFaults(number: number, { minimum, maximum }: Schema): string[] {
  if (minimum !== undefined && number < minimum) return [`${number} is less than ${minimum}`];
  return maximum !== undefined && number > maximum ? [`${number} is more than ${maximum}`] : [];
}

function arrayFaults(values: readonly unknown[], schema: Schema, pointer: string): SchemaFault[] {
  const { items, minItems = 0, maxItems = Number.POSITIVE_INFINITY, uniqueItems } = schema;
  const faults = values.flatMap((value, at) =>
    items === undefined ? [] : schemaFaults(value, items, pointerTo(pointer, at)),
  );
  if (values.length < minItems) faults.push({ pointer, message: 'it has no element' });
  if (values.length > maxItems)
    faults.push({ pointer, message: `${values.length} elements are more than ${maxItems}` });
  const twice = values.findIndex((value, at) => values.indexOf(value) !== at);
  if (uniqueItems && twice >= 0)
    faults.push({ pointer: pointerTo(pointer, twice), message: `${inWords(values[twice])} stands twice` });
  return faults;
}

function objectFaults(object: Readonly<Record<string, unknown>>, schema: Schema, pointer: string) {
  const { properties = {}, required = [], additionalProperties } = schema;
  const missing = required.filter((key) => !Object.hasOwn(object, key));
  return [
    ...missing.map((key): SchemaFault => ({ pointer, message: `"${key}" is missing` })),
    ...Object.entries(object).flatMap(([key, value]): SchemaFault[] => {
      const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
      if (own !== undefined) return schemaFaults(value, own, pointerTo(pointer, key));
      if (additionalProperties === false) return [unknownKey(key, Object.keys(properties), pointer)];
      return additionalProperties === undefined
        ? []
        : schemaFaults(value, additionalProperties, pointerTo(pointer, key));
    }),
  ];
}

function otherwise(value: unknown, schema: Schema, pointer: string): SchemaFault[] {
  if (schema.if === undefined || schema.else === undefined) return [];
  return schemaFaults(value, schema.if).length === 0 ? [] : schemaFaults(value, schema.else, pointer);
}

function unknownKey(word: string, known: readonly string[], pointer: string): SchemaFault {
  const message = `${inWords(word)} is no key that is known here`;
  return { pointer: pointerTo(pointer, word), message, unknown: { word, known } };
}

function notAmong(value: unknown, known: readonly string[], pointer: string): SchemaFault {
  const message = `${inWords(value)} is none of ${known.join(', ')}`;
  return typeof value === 'string'
    ? { pointer, message, unknown: { word: value, known } }
    : { pointer, message };
}

function isOfType(value: unknown, type: SchemaType): boolean {
  switch (type) {
    case 'object':
      return isObject(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'null':
      return value === null;
    case 'string':
    case 'boolean':
      return typeof value === type;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value in a sentence: short, and without what could break the line. */
function inWords(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const TYPE_WORDS: Readonly<Record<SchemaType, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  boolean: 'true or false',
  null: 'null',
};
