// Tells which tests failed and why, and how many passed, from the JSON that vitest's reporter wrote: what stands last in a
// long log is what is read first.
import { readFileSync } from 'node:fs';

const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(
  readFileSync(process.argv[2], 'utf8'),
);
// A file that does not even load, or whose set-up fails, has no test that failed.
const unloadable = testResults.filter(
  ({ status, assertionResults }) =>
    status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
);
const MESSAGE_LINES = 40;
const MESSAGES = 10;
const told = testResults
  .flatMap((file) => {
    if (unloadable.includes(file)) return [[file.name, file.message]];
    return file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => [`${file.name}: ${fullName}`, failureMessages.join('\n')]);
  })
  .map(([what, why]) => `${what}\n${why.split('\n').slice(0, MESSAGE_LINES).join('\n')}\n`);
for (const failure of told.slice(0, MESSAGES)) console.log(failure);
if (told.length > MESSAGES) console.log(`and ${told.length - MESSAGES} more\n`);
if (numPendingTests > 0) console.log(`${numPendingTests} skipped`);
console.log(`${numPassedTests} passed, ${numFailedTests + unloadable.length} failed`);
