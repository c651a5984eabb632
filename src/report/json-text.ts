/** JSON to read: indented, and with what could steer a terminal written as `\\u` and four digits, as lone surrogates are. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2).replace(STEERING, escaped)}\n`;
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
    .join('');
}

/** Line feeds are its own; control characters below U+0020 are escaped already. */
const STEERING = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;
