import type { FastifyError } from 'fastify';

/** What a request has wrong by its schema: which field, what is wrong with it, and what would be right. */
export function fieldFault({ validation = [], validationContext = 'body' }: FastifyError): {
  message: string;
  hint: string;
} {
  const [first] = validation;
  if (first === undefined) return { message: `${validationContext} is not valid`, hint: SEE };
  const field = [validationContext, ...first.instancePath.split('/').slice(1).map(unescaped)].join('.');
  const { params, keyword, message = 'is not valid' } = first;
  switch (keyword) {
    case 'additionalProperties':
      return {
        message: `${field} has "${short(params['additionalProperty'])}", which is no field of it`,
        hint: SEE,
      };
    case 'required':
      return { message: `${field} has no "${short(params['missingProperty'])}"`, hint: SEE };
    case 'type':
      return { message: `${field} is no ${String(params['type'])}`, hint: SEE };
    case 'enum':
      return {
        message: `${field} is none of ${(params['allowedValues'] as unknown[]).join(', ')}`,
        hint: SEE,
      };
    default:
      return { message: `${field} ${message}`, hint: SEE };
  }
}

function unescaped(segment: string): string {
  return segment.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** A client's own words, cut where they are long. */
function short(word: unknown): string {
  const text = String(word);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

const SEE = 'see /openapi.json for what is wanted';
