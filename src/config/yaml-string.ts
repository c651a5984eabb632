/** A string as YAML reads it back: JSON's, but YAML has line breaks that JSON does not know (U+2028). */
export function yamlString(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
