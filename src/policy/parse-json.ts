/** Reads JSON of which there is one reading only, in UTF-8.
 *  @throws SyntaxError with what is wrong, to be said after the name of the file: `is not JSON: …` */
export function parseJson(octets: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(octets);
    value = JSON.parse(text);
  } catch (cause) {
    throw new SyntaxError(`is not JSON: ${(cause as Error).message}`, { cause });
  }
  const repeated = repeatedName(text);
  if (repeated !== undefined) throw new SyntaxError(`has ${repeated} twice in one object`);
  return value;
}

/** The first name that comes twice in one object of a JSON text, as it is written there; undefined where none does. Most readers
 *  take the last of them and tell nobody, others the first, RFC 8259 §4.
 *  @param text that is known to be JSON, so that its strings and braces can be told by looking */
export function repeatedName(text: string): string | undefined {
  const open: Array<Set<string>> = [];
  for (const [token, string, colon] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (string !== undefined && colon !== undefined) {
      const name = JSON.parse(string) as string;
      const names = open.at(-1)!;
      if (names.has(name)) return string;
      names.add(name);
    }
  }
  return undefined;
}

/** A string, a name's with its colon, or the beginning or end of an object or a list. */
const TOKEN = /("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}[\]]/g;
