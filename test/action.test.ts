import type { ChildProcess } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { build } from './build.js';
import { freePort } from './free-port.js';
import { Workplace } from './interop/sslapi.js';
import { peer } from './peers/peer.js';

interface Action {
  readonly name: string;
  readonly description: string;
  readonly inputs: Record<
    string,
    { readonly description: string; readonly required?: boolean; readonly default?: string }
  >;
  readonly outputs: Record<string, { readonly description: string; readonly value: string }>;
  readonly runs: {
    readonly using: string;
    readonly steps: ReadonlyArray<{ id: string; shell: string; env: Record<string, string>; run: string }>;
  };
}

const there = peer('python3');
let place: Workplace;
let port: number;
let server: ChildProcess;
beforeAll(async () => {
  if (!there) return;
  build();
  place = new Workplace();
  port = await freePort();
  await place.ok('init-ca', '--no-password');
  await place.ok('issue-client', 'billing');
  writeFileSync(place.at('kit.pass'), 'kit secret\n');
  await place.ok(
    'proof-kit',
    '--out',
    'kit.p12',
    '--export-password-file',
    'kit.pass',
    '--client',
    'billing',
  );
  server = place.start(['serve', '--listen', `127.0.0.1:${port}`]);
  server.stdout!.resume();
  let said = '';
  server.stderr!.on('data', (text) => {
    said += String(text);
  });
  for (let tries = 0; tries < 900 && !said.includes('serving https://'); tries += 1) await sleep(50);
});
afterAll(async () => {
  server?.kill();
  place?.remove();
});

describe.skipIf(!there)('action.yml', () => {
  it('is a composite action whose inputs are all used, and whose outputs its step gives', () => {
    const { name, description, inputs, outputs, runs } = action();

    expect([name, description].every((text) => text.length > 5)).toBe(true);
    expect(runs.using).toBe('composite');
    expect(Object.keys(inputs).filter((input) => !used(runs.steps[0]!.env).has(input))).toEqual([]);
    expect([...used(runs.steps[0]!.env)].filter((input) => !(input in inputs))).toEqual([]);
    for (const [output, { value }] of Object.entries(outputs)) {
      expect(value).toBe(`\${{ steps.probe.outputs.${output} }}`);
      expect(runs.steps[0]!.run).toContain(`"${output}=`);
    }
  });

  it('proves an endpoint with a kit, and leaves reports for every reader', async () => {
    const { exitCode, stdout, outputs } = await runAction({
      targets: `localhost:${port}`,
      'prove-mtls': 'true',
      kit: 'kit.p12',
      'kit-password': 'kit secret',
      cacert: 'pki/ca.crt',
      arguments: '--path /whoami',
    });

    expect({ exitCode, outputs }).toMatchObject({ exitCode: 0, outputs: { verdict: 'pass' } });
    expect(stdout).toContain('PASS');
    for (const file of ['json', 'sarif', 'junit']) expect(existsSync(place.at(outputs[file]!))).toBe(true);
    expect(JSON.parse(readFileSync(place.at(outputs['json']!), 'utf8'))).toMatchObject({ verdict: 'pass' });
    expect(readFileSync(place.at('summary.md'), 'utf8')).toContain('localhost');
  });

  it('fails by the exit code of what it found', async () => {
    const { exitCode, outputs } = await runAction({
      targets: `localhost:${port}`,
      cacert: 'pki/ca.crt',
      'fail-on': 'info',
    });

    expect({ exitCode, outputs }).toMatchObject({ exitCode: 1, outputs: { verdict: 'fail' } });
  });

  it('never passes what is not there', async () => {
    const { exitCode, outputs } = await runAction({ targets: '127.0.0.1:1' });

    expect({ exitCode, outputs }).toMatchObject({ exitCode: 3, outputs: { verdict: 'inconclusive' } });
  });

  it('in the README goes by its inputs, and GitLab by flags that there are', async () => {
    const section = readFileSync('README.md', 'utf8').split('\n### In CI\n')[1]!.split('\n### ')[0]!;
    const [github = '', gitlab = ''] = [...section.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
      ([, text]) => text!,
    );
    const workflow = yaml(github) as { jobs: { probe: { steps: { uses?: string; with?: object }[] } } };
    const given = workflow.jobs.probe.steps.find(({ uses }) => uses?.includes('sslapi'))?.with ?? {};
    const pipeline = yaml(gitlab) as {
      probe: { script: string[]; artifacts: { reports: { junit: string } } };
    };
    const flags = pipeline.probe.script.join(' ').match(/--[a-z-]+/g)!;
    const help = await place.ok('help', 'probe');

    expect(Object.keys(given).length).toBeGreaterThan(2);
    expect(Object.keys(given).filter((input) => !(input in action().inputs))).toEqual([]);
    expect(flags.filter((flag) => flag !== '--yes' && !help.includes(flag))).toEqual([]);
    expect(pipeline.probe.script.join(' ')).toContain(`junit=${pipeline.probe.artifacts.reports.junit}`);
  });
});

/** Runs the action's step as a runner does: its inputs in the environment, its outputs in a file. */
async function runAction(given: Record<string, string>) {
  const { inputs, runs } = action();
  const [{ env, run }] = runs.steps as [Action['runs']['steps'][number]];
  const inputOf = (input: string): string => given[input] ?? inputs[input]!.default ?? '';
  const environment = Object.fromEntries(
    Object.entries(env).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ inputs\.([a-z-]+) \}\}/g, (_, input: string) => inputOf(input)),
    ]),
  );
  writeFileSync(place.at('output'), '');
  writeFileSync(place.at('summary.md'), '');
  const ran = await place.program('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
    ...environment,
    SSLAPI: `${process.execPath} ${resolve('bin/sslapi.js')}`, // in place of npx, which fetches what is published
    GITHUB_OUTPUT: place.at('output'),
    GITHUB_STEP_SUMMARY: place.at('summary.md'),
  });
  const lines = readFileSync(place.at('output'), 'utf8').trim().split('\n');
  return {
    ...ran,
    outputs: Object.fromEntries(lines.map((line) => line.split('='))) as Record<string, string>,
  };
}

function used(env: Record<string, string>): Set<string> {
  return new Set(
    [
      ...Object.values(env)
        .join(' ')
        .matchAll(/inputs\.([a-z-]+)/g),
    ].map(([, name]) => name!),
  );
}

function action(): Action {
  return yaml(readFileSync('action.yml', 'utf8')) as Action;
}

function yaml(text: string): unknown {
  const program = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(sys.stdin)))';
  return JSON.parse(execFileSync('/usr/bin/python3', ['-c', program], { input: text, encoding: 'utf8' }));
}
