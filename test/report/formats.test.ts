import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { REPORT_FORMATS } from '../../src/report/formats.js';
import { reporters } from '../../src/report/index.js';
import { peer } from '../peers/peer.js';
import { everyKind } from './every-kind.js';
import {
  htmlFaults,
  junitFaults,
  metricFaults,
  rendered,
  reportFaults,
  sarifFaults,
  tidyFaults,
} from './readers.js';

const KINDS = Object.entries(everyKind());
const GOLDEN_KINDS = ['several', 'since', 'hostile'] as const;
const EXTENSIONS = {
  ...{
    text: 'txt',
    json: 'json',
    junit: 'xml',
    sarif: 'sarif',
    markdown: 'md',
    html: 'html',
    prometheus: 'prom',
  },
};

describe('a report of every kind', () => {
  it.each(KINDS)(
    '%s: follows the JSON Schema that is in the package, and has no field that it does not name',
    (_kind, probed) => {
      expect(reportFaults(reporters.json(probed))).toEqual([]);
      expect(reportFaults(reporters.json(probed), closed)).toEqual([]);
    },
  );

  it.each(KINDS)('%s: follows the schema of SARIF 2.1.0', (_kind, probed) => {
    expect(sarifFaults(reporters.sarif(probed))).toEqual([]);
  });

  it.runIf(peer('xmllint')).each(KINDS)('%s: is JUnit to xmllint', (_kind, probed) => {
    expect(junitFaults(reporters.junit(probed))).toEqual([]);
  });

  it.runIf(peer('promtool')).each(KINDS)('%s: is a metric to promtool', (_kind, probed) => {
    expect(metricFaults(reporters.prometheus(probed))).toEqual([]);
  });

  it.each(KINDS)('%s: is a page to html-validate', async (_kind, probed) => {
    expect(await htmlFaults(reporters.html(probed))).toEqual([]);
  });

  it.runIf(peer('tidy')).each(KINDS)('%s: is a page to tidy', (_kind, probed) => {
    expect(tidyFaults(reporters.html(probed))).toEqual([]);
  });

  it.runIf(peer('cmark-gfm')).each(KINDS)('%s: is tables to GitHub’s Markdown', (_kind, probed) => {
    const page = rendered(reporters.markdown(probed));

    expect(page.match(/<\/?[a-z0-9]+/g)!.filter((tag) => !OUR_TAGS.has(tag.replace(/^<\/?/, '')))).toEqual(
      [],
    );
    expect(page).not.toMatch(/^<p>\|/m);
  });
});

describe('each format', () => {
  it('has a file of its own, and a reporter', () => {
    const files = readdirSync('src/report');

    for (const name of REPORT_FORMATS) expect(files).toContain(`${name}.ts`);
    expect(Object.keys(reporters)).toEqual([...REPORT_FORMATS]);
  });

  it.each(REPORT_FORMATS.flatMap((format) => GOLDEN_KINDS.map((kind) => [format, kind] as const)))(
    '%s of %s is what it was',
    async (format, kind) => {
      const name = `fixtures/${kind}.${EXTENSIONS[format]}`;

      await expect(reporters[format](everyKind()[kind]!)).toMatchFileSnapshot(name);
    },
  );

  it.each(REPORT_FORMATS)(
    '%s: the same facts are the same bytes, in whatever order they were put down',
    (format) => {
      for (const [, probed] of KINDS) {
        const written = reporters[format](probed);

        expect(reporters[format](probed)).toBe(written);
        expect(reporters[format](turned(probed))).toBe(written);
      }
    },
  );

  it.each(REPORT_FORMATS)(
    '%s: lets nothing steer a terminal or pass for a character that is none',
    (format) => {
      const written = reporters[format](everyKind()['hostile']!);

      expect(written).not.toMatch(/[^\n\P{Cc}]|\p{Cs}|[\u202e\u2028]/u);
      expect(Buffer.from(written).toString('utf8')).toBe(written);
    },
  );
});

/** The same with the fields of every object the other way round. */
function turned<T>(value: T): T {
  if (Array.isArray(value)) return value.map(turned) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, one]) => [name, turned(one)]),
  ) as T;
}

/** The schema with every object closed to fields that it does not name. */
function closed(schema: unknown): object {
  if (Array.isArray(schema)) return schema.map((one) => (typeof one === 'object' ? closed(one) : one));
  if (typeof schema !== 'object' || schema === null) return schema as never;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, one]) => [name, closed(one)]));
  const names = schema as Record<string, unknown>;
  return names['type'] === 'object' && names['required'] !== undefined && !('additionalProperties' in schema)
    ? { ...inner, additionalProperties: false }
    : inner;
}

/** What the Markdown of a report may become; neither links nor images nor scripts are among them. */
const OUR_TAGS = new Set([
  'h2',
  'h3',
  'p',
  'table',
  'thead',
  'tbody',
  'tr',
  'th',
  'td',
  'details',
  'summary',
]);
