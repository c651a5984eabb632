import { describe, expect, it } from 'vitest';
import { html } from '../../src/report/html.js';
import { HTML_STYLE } from '../../src/report/html-style.js';
import { peer } from '../peers/peer.js';
import { everyKind, failedReport } from './every-kind.js';
import { htmlFaults, tidyFaults } from './readers.js';

describe('the report as a page', () => {
  it.each(Object.entries(everyKind()))(
    '%s: stands alone: nothing is fetched, and no script runs',
    (_kind, probed) => {
      const page = html(probed);

      const tags = page.match(/<[^>]*>/g)!.join('');
      expect(tags).not.toMatch(/<(script|link|img|iframe|object|embed|a|form|base)\b|\s(src|href|on\w+)=/i);
      expect(HTML_STYLE).not.toMatch(/url\(|@import/);
      expect(page).toContain(
        `http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"`,
      );
    },
  );

  it('has no tag but its own, whatever a stranger calls himself', () => {
    const tags = (page: string): string[] => [...new Set(page.match(/<[a-z][a-z0-9]*/g))].sort();
    const ours = new Set(tags(html(everyKind()['since']!)));

    expect(tags(html(everyKind()['hostile']!)).filter((tag) => !ours.has(tag))).toEqual([]);
  });

  it('is light and dark, and as narrow as a phone', () => {
    const page = html(failedReport());

    for (const needed of ['prefers-color-scheme: dark', 'width=device-width', 'max-width: 34rem'])
      expect(page).toContain(needed);
  });

  it('has the worst first', () => {
    const labels = [...html(failedReport()).matchAll(/<span class="label">([a-z]+)/g)].map(
      ([, label]) => label,
    );

    expect(labels).toEqual([
      'critical',
      'critical',
      'critical',
      'medium',
      'undecided',
      'undecided',
      'advice',
    ]);
  });

  it.each([
    ['a tag that is not closed', (page: string) => page.replace('</strong>', '')],
    ['an id twice', (page: string) => page.replace('<p ', '<p id="target-1" ')],
    ['a tag that is none', (page: string) => page.replaceAll('strong>', 'stronger>')],
  ])('is refused by html-validate with %s', async (_fault, spoil) => {
    expect(await htmlFaults(spoil(html(failedReport())))).not.toEqual([]);
  });

  it.runIf(peer('tidy'))('is refused by tidy with a tag that is not closed', () => {
    expect(tidyFaults(html(failedReport()).replace('</strong>', ''))).not.toEqual([]);
  });
});
