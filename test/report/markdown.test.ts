import { describe, expect, it } from 'vitest';
import { markdown } from '../../src/report/markdown.js';
import { peer } from '../peers/peer.js';
import { everyKind, failedReport, HOSTILE } from './every-kind.js';
import { rendered } from './readers.js';

describe.runIf(peer('cmark-gfm'))('the report as Markdown, shown as GitHub does', () => {
  it('has a row for each finding, the worst first', () => {
    const [table] = /<table>.*?<\/table>/s.exec(rendered(markdown(failedReport())))!;
    const first = [...table.matchAll(/<tr>\s*<td>(.*?)<\/td>/gs)].map(([, cell]) => cell);

    expect(first).toEqual(['critical', 'critical', 'critical', 'medium', 'undecided', 'undecided', 'advice']);
  });

  it('shows the text of a stranger as text', () => {
    const page = rendered(markdown(everyKind()['hostile']!));
    const text = page
      .replaceAll('<!-- -->', '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&');

    expect(text).toContain(HOSTILE.slice(HOSTILE.indexOf(']]>'), HOSTILE.indexOf(' \n# heading')));
    expect(page).not.toMatch(/<(a|img|script|strong|em|del|code|h1|ul|li)\b/);
  });

  it('mentions nobody', () => {
    expect(markdown(everyKind()['hostile']!)).not.toMatch(/@(?!<!-- -->)|(?<!&|^|\n)#(?![#\s]|<!-- -->)/);
  });

  it('would show a link where a stranger’s text came through', () => {
    expect(rendered(HOSTILE)).toMatch(/<a .*<a /s);
  });
});
