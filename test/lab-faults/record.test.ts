import { expect, it } from 'vitest';
import { peer } from '../peers/peer.js';
import { CASES } from './cases.js';
import { STACKS } from './fault.js';
import { makeFaultPki } from './fault-pki.js';
import { startLab } from './lab.js';
import { readRecording, record } from './rivals.js';

/** `npm run lab:record-faults`: what sslscan and nmap say of every case, kept for the table. */
it.skipIf(process.env['SSLAPI_RECORD_FAULTS'] !== '1')(
  'what other scanners say of the faults is recorded',
  async () => {
    expect([peer('sslscan'), peer('nmap')]).toEqual([true, true]);
    const pki = await makeFaultPki();
    const lab = await startLab(pki);
    try {
      await record(lab.cases);
    } finally {
      await lab.close();
      await pki.close();
    }
  },
  3_600_000,
);

it.each(STACKS)('there is a record of every case of %s, and of no other', (stack) => {
  const recorded = readRecording()?.stacks[stack]?.map(({ fault }) => fault);

  expect(recorded, 'npm run lab:record-faults').toEqual(CASES[stack].map(({ fault }) => fault));
});
