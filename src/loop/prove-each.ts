import { SslapiError } from '../errors.js';
import { unreachedReport } from '../probe/build-report.js';
import type { ProbeReport, ProbeReports } from '../probe/probe-report.js';
import { overallVerdict } from '../probe/verdict.js';
import { freePort } from '../server/free-port.js';
import {
  absentServer,
  installedServer,
  PROVABLE_TARGETS,
  type ProvableTarget,
  provableTarget,
} from './installed-server.js';
import { type ProveOptions, prove } from './prove.js';
import { DEFAULT_SERVER } from './served-certificate.js';

/** Proves several targets, one after the other; `all` is each whose server is on this machine, and the others are told as
 *  steps. One that does not start gives a report too, unless it is the only one.
 *  @throws SslapiError ERR_SERVER_ABSENT before anything is started, and what `prove` throws for a single one */
export async function proveEach(
  names: readonly string[],
  options: ProveOptions = {},
): Promise<ProbeReport | ProbeReports> {
  const targets = names.includes(ALL) ? await installedTargets(options) : await namedTargets(names);
  const [only, ...others] = targets;
  if (only !== undefined && others.length === 0 && !names.includes(ALL)) return prove(only.name, options);
  const reports: ProbeReport[] = [];
  for (const { name } of targets) reports.push(await proveOrTell(name, options));
  return { schemaVersion: 1, reports, verdict: overallVerdict(reports.map(({ verdict }) => verdict)) };
}

/** What stands for every target whose server is there. */
export const ALL = 'all';

async function namedTargets(names: readonly string[]): Promise<readonly ProvableTarget[]> {
  const targets = [...new Set(names)].map(provableTarget);
  for (const target of targets) if ((await installedServer(target)) === null) throw absentServer(target);
  return targets;
}

async function installedTargets({ onStep }: ProveOptions): Promise<readonly ProvableTarget[]> {
  const there: ProvableTarget[] = [];
  for (const target of PROVABLE_TARGETS) {
    if ((await installedServer(target)) !== null) there.push(target);
    else onStep?.({ target: target.name, text: 'not on this machine, left out', tookMs: null });
  }
  if (there.length > 0) return there;
  throw new SslapiError('ERR_SERVER_ABSENT', 'there is no server on this machine that could be proven', {
    hint: `Install one of ${PROVABLE_TARGETS.map(({ name }) => name).join(', ')}.`,
  });
}

async function proveOrTell(name: string, options: ProveOptions): Promise<ProbeReport> {
  const startedAt = new Date();
  const clockMs = performance.now();
  let port: number | null = null;
  const choosePort = async (): Promise<number> => {
    port = await (options.choosePort ?? freePort)();
    return port;
  };
  try {
    return await prove(name, { ...options, choosePort });
  } catch (error) {
    if (!(error instanceof SslapiError) || port === null) throw error;
    const { code, message, hint } = error;
    const { version = 'unknown', level = 'intermediate' } = options;
    const basis = {
      tool: { name: 'sslapi', version },
      target: { host: DEFAULT_SERVER, port, servername: DEFAULT_SERVER, address: null },
      startedAt,
      clockMs,
      failOn: 'high',
    } as const;
    return {
      ...unreachedReport(basis, { code, message, hint }, 0),
      server: { name, version: 'not proven', level, limits: [] },
    };
  }
}
