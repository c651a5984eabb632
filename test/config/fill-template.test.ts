import { describe, expect, it } from 'vitest';
import { fillTemplate } from '../../src/config/fill-template.js';

const VALUES = {
  name: 'api.test',
  lines: 'one\n\ntwo\n',
  empty: '',
  yes: true,
  no: false,
  tricky: '{{name}} $& $1',
};

describe('a template', () => {
  it.each([
    ['a value', 'server {{name}};', 'server api.test;'],
    ['a value twice', '{{name}} {{name}}', 'api.test api.test'],
    ['an empty value', 'a{{empty}}b', 'ab'],
    ['a section that holds', '{{#yes}}on{{/yes}}', 'on'],
    ['a section that does not', 'a{{#no}}on{{/no}}b', 'ab'],
    ['the other way round', '{{^no}}off{{/no}}{{^yes}}on{{/yes}}', 'off'],
    ['sections in sections', '{{#yes}}a{{#no}}b{{/no}}{{#yes}}c{{/yes}}{{/yes}}', 'ac'],
    ['a section alone on its lines', 'a\n  {{#yes}}\n  b\n  {{/yes}}\nc\n', 'a\n  b\nc\n'],
    ['a section left out, with its lines', 'a\n{{#no}}\nb\n{{/no}}\nc\n', 'a\nc\n'],
    ['lines, indented as their tag is', 'http {\n    {{lines}}}\n', 'http {\n    one\n\n    two\n}\n'],
    ['braces of the configuration itself', 'http { server { } }', 'http { server { } }'],
    ['a value that looks like a tag, left as it is', '{{tricky}}', '{{name}} $& $1'],
  ])('fills %s', (_what, template, text) => expect(fillTemplate(template, VALUES)).toBe(text));

  it.each([
    ['an unknown value', '{{nmae}}', 'there is no value for {{nmae}}'],
    [
      'an unknown value in a part that is left out',
      '{{#no}}{{nmae}}{{/no}}',
      'there is no value for {{nmae}}',
    ],
    ['a name that every object has', '{{constructor}}', 'there is no value for {{constructor}}'],
    ['an unknown section', '{{#maybe}}{{/maybe}}', 'there is no value for {{maybe}}'],
    ['a tag with a space', 'a {{ name }} b', '"a {{ name }} b" is not a tag'],
    ['a tag that is not closed', 'listen {{name', '"listen {{name" is not a tag'],
    ['a stray end of a tag', 'name}}', '"name}}" is not a tag'],
    ['a section never closed', '{{#yes}}a', 'the section {{#yes}} is never closed'],
    ['a section closed twice', '{{#yes}}{{/yes}}{{/yes}}', '{{/yes}} closes nothing'],
    ['sections that overlap', '{{#yes}}{{^no}}{{/yes}}{{/no}}', '{{/yes}} closes nothing'],
    ['a text as a section', '{{#name}}{{/name}}', '{{#name}} cannot be a section'],
    ['a yes as a text', '{{yes}}', '{{yes}} can only be a section'],
  ])('is refused for %s', (_what, template, why) => {
    expect(() => fillTemplate(template, VALUES)).toThrow(
      expect.objectContaining({ code: 'ERR_TEMPLATE_INVALID', message: `cannot fill the template: ${why}` }),
    );
  });
});
