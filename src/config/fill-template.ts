import { SslapiError } from '../errors.js';

/** What stands in for a template's tags: text for `{{name}}`, yes or no for `{{#name}}`. */
export type TemplateValues = Readonly<Record<string, string | boolean>>;

/** Fills a template: `{{name}}` by its text; `{{#name}}…{{/name}}` stays where the value is true, `{{^name}}…{{/name}}`
 *  where it is false. A section's tag alone on a line takes the line away with it; a text of several lines is indented
 *  as its tag is. Strict, in the parts left out too: a tag that is not closed, not known or of the wrong type is an
 *  error. Values are never read as templates. */
export function fillTemplate(template: string, values: TemplateValues): string {
  return fill(parse(template.replace(SECTION_LINE, '$1')), values);
}

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'value'; readonly name: string; readonly indent: string }
  | Section;

interface Section {
  readonly kind: 'section';
  readonly name: string;
  readonly when: boolean;
  readonly parts: Part[];
}

function parse(template: string): readonly Part[] {
  const open: Section[] = [{ kind: 'section', name: '', when: true, parts: [] }];
  let end = 0;
  for (const match of template.matchAll(TAG)) {
    const [tag, sign, name] = match as unknown as [string, string, string];
    const inside = open.at(-1)!;
    inside.parts.push(plainText(template.slice(end, match.index)));
    end = match.index + tag.length;
    if (sign === '/') {
      if (name !== inside.name) throw damaged(`${tag} closes nothing`);
      open.pop();
    } else if (sign === '') {
      inside.parts.push({ kind: 'value', name, indent: indentBefore(template, match.index) });
    } else {
      const section: Section = { kind: 'section', name, when: sign === '#', parts: [] };
      inside.parts.push(section);
      open.push(section);
    }
  }
  const last = open.at(-1)!;
  if (open.length > 1) throw damaged(`the section {{#${last.name}}} is never closed`);
  return [...last.parts, plainText(template.slice(end))];
}

function plainText(text: string): Part {
  const stray = /.{0,20}(?:\{\{|\}\}).{0,20}/.exec(text);
  if (stray !== null) throw damaged(`"${stray[0].trim()}" is not a tag`);
  return { kind: 'text', text };
}

/** The white space before a tag that is the first thing on its line. */
function indentBefore(template: string, index: number): string {
  return /(?:^|\n)([ \t]*)$/.exec(template.slice(0, index))?.[1] ?? '';
}

function fill(parts: readonly Part[], values: TemplateValues): string {
  return parts.map((part) => fillPart(part, values)).join('');
}

function fillPart(part: Part, values: TemplateValues): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'value': {
      const value = valueFor(part.name, values);
      if (typeof value !== 'string') throw damaged(`{{${part.name}}} can only be a section`);
      return value.replaceAll(/\n(?!\n|$)/g, `\n${part.indent}`);
    }
    case 'section': {
      const value = valueFor(part.name, values);
      if (typeof value !== 'boolean') throw damaged(`{{#${part.name}}} cannot be a section`);
      const inside = fill(part.parts, values);
      return value === part.when ? inside : '';
    }
  }
}

function valueFor(name: string, values: TemplateValues): string | boolean {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw damaged(`there is no value for {{${name}}}`);
  return value;
}

function damaged(what: string): SslapiError {
  return new SslapiError('ERR_TEMPLATE_INVALID', `cannot fill the template: ${what}`);
}

const TAG = /\{\{([#^/]?)([a-z][a-z0-9_]*)\}\}/g;
const SECTION_LINE = /^[ \t]*(\{\{[#^/][a-z][a-z0-9_]*\}\})[ \t]*\r?\n/gm;
