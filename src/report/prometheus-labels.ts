import { fence } from './plain-text.js';

/** Labels as Prometheus reads them, in braces. */
export function labelled(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${quoted(value)}"`)
    .join(',')}}`;
}

/** Backslash, quote and line feed are escaped; the rest of UTF-8 may stand as it is, but for what could steer a terminal. */
function quoted(text: string): string {
  return text
    .split('\n')
    .map((line) => fence(line).replace(/[\\"]/g, '\\$&'))
    .join('\\n');
}
