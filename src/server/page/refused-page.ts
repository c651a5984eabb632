import type { Answer } from '../answer.js';
import { accepts } from './accepts.js';
import type { PageDocument } from './page-document.js';

/** The page for somebody in a browser who is refused: it says from the start what the answer would have said as JSON, and asks
 *  the server for nothing. */
export function refusedPage(
  { html, headers }: PageDocument,
  { status, body, headers: more }: Answer,
): Answer {
  const refused = escaped(JSON.stringify(body));
  return {
    status,
    body: html.replace('<body>', () => `<body data-refused="${refused}">`),
    headers: { ...more, ...headers },
  };
}

/** Whether the first octets of a connection are those of a browser that wants a page. They are read for that alone, and never
 *  by a parser of HTTP. */
export function asksForPage(first: Buffer): boolean {
  const [head = ''] = first.toString('latin1', 0, MAX_READ).split('\r\n\r\n', 1);
  return head.startsWith('GET ') && accepts(/^accept:(.*)$/im.exec(head)?.[1], 'text/html');
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (found) => `&#${found.charCodeAt(0)};`);
}

const MAX_READ = 16_384;
