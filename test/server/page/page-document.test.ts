import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readPage } from '../../../src/server/page/page-document.js';
import { htmlFaults } from '../../report/readers.js';

const { html, headers } = readPage();
const policy = headers['content-security-policy'] ?? '';

describe('the page', () => {
  it('is right HTML, and html-validate would tell', async () => {
    expect(await htmlFaults(html)).toEqual([]);
    expect(await htmlFaults(html.replace('</main>', ''))).not.toEqual([]);
  });

  it('allows what it has by hash, each by its own, and nothing else', () => {
    const [styles, scripts] = ['style', 'script'].map((tag) =>
      [...html.matchAll(new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 'gs'))].map(([, text = '']) =>
        hashed(text),
      ),
    );

    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${styles!.join(' ')}`,
      `script-src ${scripts!.join(' ')}`,
      "connect-src 'self'",
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
    expect(scripts).toHaveLength(1);
  });

  it('has all of its files in it, and asks for none', () => {
    const files = readdirSync('templates/page').filter((name) => name !== 'page.html');

    for (const name of files) {
      const [first = ''] = readFileSync(`templates/page/${name}`, 'utf8').split('\n');
      expect(html.split(first)).toHaveLength(2);
    }
    expect(html).not.toMatch(/<link rel="stylesheet"|<script[^>]* src=|^import |^export |@import|url\(/m);
    expect([...html.matchAll(/(?:src|href)="(?!data:|#|\/)[^"]*"/g)]).toEqual([]);
  });

  it('never makes markup or code of a text', () => {
    expect(html).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|srcdoc| on\w+="/,
    );
  });
});

function hashed(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
