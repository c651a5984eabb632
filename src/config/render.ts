import { policyOf } from '../policy/policies.js';
import type { ConfigRequest } from './config-request.js';
import { fillTemplate } from './fill-template.js';
import { readTemplate, type TemplateFile } from './read-template.js';
import { findTarget } from './targets.js';

/** The configuration of a server: what goes into its include folder, or with `standalone` a whole one that runs as it is.
 *  The same request gives the same text, so that a deployed file can be compared with it.
 *  @param template reads a template; by default those of this package */
export function renderConfig(
  request: ConfigRequest,
  template: (target: string, file: TemplateFile) => string = readTemplate,
): string {
  const target = findTarget(request.target);
  const values = target.values(request, policyOf(request.level));
  const site = fillTemplate(template(target.name, 'site.conf'), values);
  return request.standalone
    ? fillTemplate(template(target.name, 'standalone.conf'), { ...values, site: site.trimEnd() })
    : site;
}
