import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ConfiguredCase, changed } from './fault.js';
import { type FaultPki, makeFaultPki } from './fault-pki.js';
import { type CaseResult, inTurn, proveCase } from './judge-case.js';
import { type RunningLab, STACKS_HERE, startLab } from './lab.js';
import { rendered } from './rendered.js';

/** Faults that no client can see that has nothing but what our CA signs. They stand in the README; who finds a way to see one
 *  moves it to the cases of its server. */
const NGINX_UNNAMED: ConfiguredCase = {
  fault: 'other CAs trusted, but not named (`ssl_trusted_certificate`)',
  caughtBy: [],
  write: (ground) =>
    changed(rendered('nginx', ground), [
      /(?=^ *ssl_verify_depth)/m,
      `ssl_trusted_certificate "${ground.pki.cas['ours and the system’s']}";\n`,
    ]),
};
const APACHE_LEAF: ConfiguredCase = {
  fault: 'only the CRL of the issuing CA is looked at (`SSLCARevocationCheck leaf`)',
  caughtBy: [],
  write: (ground) =>
    changed(rendered('apache', ground), [/SSLCARevocationCheck chain/, 'SSLCARevocationCheck leaf']),
};

let pki: FaultPki;
let lab: RunningLab;
let results: readonly CaseResult[];
beforeAll(async () => {
  pki = await makeFaultPki();
  const none = { nginx: [], apache: [], haproxy: [], caddy: [], node: [] };
  const stacks = STACKS_HERE.filter((stack) => stack === 'nginx' || stack === 'apache');
  lab = await startLab(pki, stacks, { ...none, nginx: [NGINX_UNNAMED], apache: [APACHE_LEAF] });
  results = await inTurn(lab.cases, 2, (one) => proveCase(one, pki));
}, 120_000);
afterAll(async () => {
  await lab?.close();
  await pki?.close();
});

it('what cannot be seen from outside is told in the README, and is not seen', () => {
  for (const { failed, report } of results) {
    expect(failed).toEqual([]);
    expect(report.verdict).toBe('pass');
  }
});

it('a CRL that only the leaf is held against leaves its row an advice, not a pass', () => {
  const apache = results.find(({ stack }) => stack === 'apache');
  const rows = apache?.report.proof?.filter(({ credential }) => credential === 'revoked-issuer');

  expect(rows?.map(({ status }) => status) ?? []).not.toContain('pass');
});
