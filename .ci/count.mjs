// Tells how many tests passed and failed, from the JSON that vitest's reporter wrote.
import { readFileSync } from 'node:fs';

const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);
// A file that does not even load has no test that could fail.
const unloadable = testResults.filter(
  ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
);
if (numPendingTests > 0) console.log(`${numPendingTests} skipped`);
console.log(`${numPassedTests} passed, ${numFailedTests + unloadable.length} failed`);
