import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';

/** What a page did that nobody sees: what its console said, and where it sent requests. */
export interface PageRecord {
  readonly console: string[];
  readonly requests: string[];
}

/** Opens the page, and waits until it has heard the server. */
export async function openPage(
  browser: Browser,
  url: string,
): Promise<{ readonly page: Page; readonly record: PageRecord }> {
  const page = await browser.newPage();
  const record: PageRecord = { console: [], requests: [] };
  page.on('console', (message) => record.console.push(message.text()));
  page.on('pageerror', (error) => record.console.push(String(error)));
  page.on('request', (request) => record.requests.push(request.url()));
  await page.goto(url);
  await shows(page, '[data-state=live]', 'live');
  return { page, record };
}

/** Waits until an element's text has that in it. */
export async function shows(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForFunction(
    `document.querySelector(${JSON.stringify(selector)})?.textContent.includes(${JSON.stringify(text)})`,
    { timeout: 20_000, polling: 50 },
  );
}

/** What somebody reads there. */
export function textOf(page: Page, selector: string): Promise<string> {
  return page.evaluate(`document.querySelector(${JSON.stringify(selector)}).innerText`) as Promise<string>;
}

/** Runs a program in the page. */
export function ask<T>(page: Page, program: string): Promise<T> {
  return page.evaluate(program) as Promise<T>;
}

/** Kept for people to look at where SSLAPI_SCREENSHOTS names a folder. */
export async function photograph(page: Page, name: string): Promise<void> {
  const folder = process.env['SSLAPI_SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.png`), await page.screenshot({ fullPage: true }));
}
