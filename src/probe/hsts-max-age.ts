/** The max-age of a Strict-Transport-Security field in seconds; null where it counts for nothing. RFC 6797 §6.1: of several
 *  fields the first counts, and a directive that stands twice makes it worthless. */
export function hstsMaxAge(field: string): number | null {
  const [first = ''] = field.split(',');
  const ages = first.split(';').flatMap((directive) => {
    const [, digits] = /^\s*max-age\s*=\s*"?(\d{1,15})"?\s*$/i.exec(directive) ?? [];
    return digits === undefined ? [] : [Number(digits)];
  });
  return ages.length === 1 ? ages[0]! : null;
}
