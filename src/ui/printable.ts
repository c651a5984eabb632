/** Text that cannot steer a terminal: control and bidirectional characters become `\x1b`, `\u202e`.
 *  Names and subjects come from others. Line ends, tabs and our own colours stay. */
export function printable(text: string): string {
  return text.replace(STEERING, (found) => (found.length > 1 ? found : escaped(found)));
}

/** One line of it, for what stands after `error:`. */
export function printableLine(text: string): string {
  return printable(text.replace(/\s*[\r\n]+\s*/g, ' ').trim());
}

/** JSON that says the same and cannot steer the terminal that it is shown on. */
export function printableJson(json: string): string {
  return json.replace(CONTROL, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16)}`;
}

/** The sequences that our paint writes; others could hide text. */
const OWN_COLOURS = String.raw`\x1b\[(?:1|2|22|31|32|33|36|39)m`;
const CONTROLS = String.raw`[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]`;
const CONTROL = new RegExp(CONTROLS, 'g');
const STEERING = new RegExp(`${OWN_COLOURS}|${CONTROLS}`, 'g');
