import { SslapiError } from '../errors.js';
import { policyOf } from '../policy/policies.js';
import type { ConfigRequest } from './config-request.js';
import type { ConfigTarget, TargetFile } from './config-target.js';
import { parseUpstream, unfit } from './config-value.js';
import { fillTemplate, type TemplateValues } from './fill-template.js';
import { readTemplate } from './read-template.js';
import { findTarget, TARGETS } from './targets.js';

/** The configuration of a server: what goes into its include folder, or with `standalone` a whole one that runs as it is.
 *  The same request gives the same text, so that a deployed file can be compared with it. Several files follow one another,
 *  each under a line with its name.
 *  @param template reads a template; by default those of this package */
export function renderConfig(request: ConfigRequest, template?: ReadTemplate): string {
  const files = renderFiles(request, template);
  if (files.length === 1) return files[0].text;
  return files.map(({ name, text }) => `==> ${name} <==\n${text}`).join('\n');
}

/** The same, file by file, the main one first. */
export function renderFiles(
  request: ConfigRequest,
  template: ReadTemplate = readTemplate,
): readonly [RenderedFile, ...RenderedFile[]] {
  const target = findTarget(request.target);
  refuseWhatItCannot(target, request);
  const values = target.values(request, policyOf(request.level));
  const [main, ...others] = target.files?.(request) ?? [includeFile(target, request)];
  const rendered = (file: TargetFile) => ({ name: file.name, text: fillFile(file, values, template) });
  return [rendered(main), ...others.map(rendered)];
}

/** A file, and what is to be written into it. */
export interface RenderedFile {
  readonly name: string;
  readonly text: string;
}

/** Reads a template.
 *  @param target its folder under `templates/` */
export type ReadTemplate = (target: string, file: string) => string;

function includeFile({ name }: ConfigTarget, { standalone }: ConfigRequest): TargetFile {
  const site = `${name}/site.conf` as const;
  return standalone
    ? { name: `${name}.conf`, template: `${name}/standalone.conf`, parts: { site } }
    : { name: `${name}.conf`, template: site };
}

function fillFile({ template, parts = {} }: TargetFile, values: TemplateValues, read: ReadTemplate): string {
  const filled = Object.entries(parts).map(([tag, part]) => [
    tag,
    fillTemplate(textOf(part, read), values).trimEnd(),
  ]);
  return fillTemplate(textOf(template, read), { ...values, ...Object.fromEntries(filled) });
}

function textOf(path: string, read: ReadTemplate): string {
  const [folder, file] = path.split('/') as [string, string];
  return read(folder, file);
}

function refuseWhatItCannot(
  { title, passesOn, upstreamSchemes = ['http', 'https'], allowsByName }: ConfigTarget,
  { upstream, clientAuth, allow = [] }: ConfigRequest,
): void {
  if (upstream !== undefined && !passesOn)
    throw unfit('upstream', upstream, `${title} passes nothing on: leave --upstream out.`);
  if (upstream !== undefined && !upstreamSchemes.includes(parseUpstream(upstream).scheme))
    throw unfit(
      'upstream',
      upstream,
      `${title} passes on to ${upstreamSchemes.map((scheme) => `${scheme}://`).join(' or ')} alone.`,
    );
  if (allow.length > 0 && !allowsByName)
    throw new SslapiError('ERR_CONFIG_VALUE', `${title} takes no --allow`, {
      hint: `Leave it out, or choose one that does: ${TARGETS.filter((one) => one.allowsByName)
        .map(({ name }) => name)
        .join(', ')}.`,
    });
  if (allow.length > 0 && clientAuth === 'off')
    throw new SslapiError('ERR_CONFIG_VALUE', '--client-auth off lets everybody in, whatever --allow says', {
      hint: 'Leave one of them out.',
    });
}
