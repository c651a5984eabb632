// Reads a key and its certificate as fast as it can until the file STOP is there, and prints how often they did not match:
//   node pair-reader.mjs FOLDER STOP
// `entered`: the folder is entered once and both are read there. `apart`: each is found by its own path, as most servers
// do it; `lasting`: of those, what a second look found to be wrong still.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [folder, stop] = process.argv.slice(2);
const seen = { reads: 0, entered: 0, apart: 0, lasting: 0, late: 0 };
const matchesIn = (place) => {
  const certificate = readFileSync(join(place, 'fullchain.pem'));
  const key = readFileSync(join(place, 'privkey.pem'));
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
};
const matchesInside = () => {
  try {
    return matchesIn(dirname(realpathSync(join(folder, 'fullchain.pem'))));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    seen.late += 1; // only the version before is kept, and this process has slept through it
    return true;
  }
};
while (!existsSync(stop)) {
  seen.reads += 1;
  if (!matchesInside()) seen.entered += 1;
  if (matchesIn(folder)) continue;
  seen.apart += 1;
  if (!matchesIn(folder)) seen.lasting += 1;
}
console.log(JSON.stringify(seen));
