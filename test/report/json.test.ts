import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { reporters } from '../../src/report/index.js';
import { sampleReport } from './sample-report.js';

describe('the report as JSON', () => {
  it('is the report', () => {
    expect(JSON.parse(reporters.json(sampleReport()))).toEqual(sampleReport());
  });

  it('has the fields of the contract, in its order', () => {
    expect(Object.keys(JSON.parse(reporters.json(sampleReport())))).toEqual([
      ...['schemaVersion', 'tool', 'target', 'startedAt', 'durationMs', 'connections', 'protocols'],
      ...['cipherSuites', 'serverOrder', 'groups', 'signatureAlgorithms', 'certificates', 'clientAuth'],
      ...['checks', 'proof', 'summary', 'verdict'],
    ]);
  });
});

describe('every reporter', () => {
  it('has a file of its own', () => {
    const files = readdirSync('src/report');

    for (const name of Object.keys(reporters)) expect(files).toContain(`${name}.ts`);
  });
});
