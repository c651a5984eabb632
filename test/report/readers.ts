import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { HtmlValidate } from 'html-validate';

/** What the published JSON Schema has against a report, in words. */
export function reportFaults(
  json: string,
  change: (schema: object) => object = (schema) => schema,
): string[] {
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    strictTypes: false,
    strictRequired: false,
  });
  addFormats.default(ajv);
  const schema = JSON.parse(readFileSync('templates/probe-report.schema.json', 'utf8')) as object;
  return faultsOf(ajv, change(schema), json);
}

/** What OASIS' schema of SARIF 2.1.0 has against a log. It is of draft 4, and uses nothing that draft 7 reads otherwise
 *  but the name of `$id`. */
export function sarifFaults(json: string): string[] {
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
  addFormats.default(ajv);
  const path = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/package.json');
  const file = path.replace(/package\.json$/, 'lib/schemas/sarif-2.1.0-rtm.5.json');
  const {
    id: _id,
    $schema: _draft,
    ...schema
  } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  return faultsOf(ajv, schema, json);
}

/** What the schema of JUnit's XML that servers agree upon has against a document, said by xmllint. */
export function junitFaults(xml: string): string[] {
  return inFile(xml, (path) =>
    linesOf('xmllint', ['--noout', '--nonet', '--schema', 'test/report/junit.xsd', path]),
  );
}

/** What an XPath finds in a document, as a string. */
export function xpath(xml: string, path: string): string {
  return inFile(xml, (file) =>
    execFileSync('xmllint', ['--nonet', '--xpath', path, file], { encoding: 'utf8' }).trim(),
  );
}

/** What promtool has against a text file of metrics. */
export function metricFaults(metrics: string): string[] {
  return linesOf('promtool', ['check', 'metrics'], metrics);
}

/** What tidy has against a page; its warnings too. */
export function tidyFaults(page: string): string[] {
  return linesOf('tidy', ['-quiet', '-errors', '-utf8'], page);
}

/** What html-validate has against a page, by its rules for the standard and for accessibility. */
export async function htmlFaults(page: string): Promise<string[]> {
  const rules = { 'no-inline-style': 'error', 'long-title': 'off', 'no-trailing-whitespace': 'off' } as const;
  const validator = new HtmlValidate({
    extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
    rules: { ...rules, 'require-csp-nonce': 'off' },
  });
  const { results } = await validator.validateString(page);
  return results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line }) => `${line} ${ruleId}: ${message}`),
  );
}

/** Markdown as GitHub would show it. */
export function rendered(markdown: string): string {
  const extensions = ['table', 'autolink', 'strikethrough', 'tagfilter'].flatMap((name) => ['-e', name]);
  return execFileSync('cmark-gfm', ['--unsafe', ...extensions], { input: markdown, encoding: 'utf8' });
}

function faultsOf(ajv: Ajv | Ajv2020, schema: object, json: string): string[] {
  const validate = ajv.compile(schema);
  validate(JSON.parse(json));
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** The lines that a program writes to stderr, and how it ended where it did not end well. */
function linesOf(program: string, parameters: readonly string[], input = ''): string[] {
  const { stderr, stdout, status, error } = spawnSync(program, parameters, { input, encoding: 'utf8' });
  if (error) throw error;
  const lines = `${stdout}${stderr}`
    .split('\n')
    .filter((line) => line !== '' && !line.endsWith(' validates'));
  return status === 0 ? lines : [...lines, `exit ${status}`];
}

function inFile<T>(content: string, work: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'sslapi-report-'));
  try {
    const path = join(folder, 'report');
    writeFileSync(path, content);
    return work(path);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
