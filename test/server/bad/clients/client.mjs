// Calls each URL as Node does: client.mjs fetch|https CA CRL NAME=URL... A line of JSON for each. Where the name begins with
// crl: https checks the CRL; fetch, which is undici's, has no place for one, and takes its root from NODE_EXTRA_CA_CERTS.
import { readFileSync } from 'node:fs';
import { get } from 'node:https';

const [way, ca, crl, ...calls] = process.argv.slice(2);

/** Node reads the first CRL of a file alone. */
const crls = readFileSync(crl, 'utf8').match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g);

const byHttps = (url, checks) =>
  new Promise((resolve, reject) => {
    const request = get(
      url,
      { ca: readFileSync(ca), crl: checks ? crls : undefined, agent: false, timeout: 10_000 },
      (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode));
      },
    );
    request.on('error', reject);
    request.on('timeout', () => request.destroy(new Error('timeout')));
  });

const byFetch = async (url) => {
  const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  await answer.text();
  return answer.status;
};

for (const call of calls) {
  const [name, url] = call.split('=');
  const line = await (way === 'fetch' ? byFetch : byHttps)(url, name.startsWith('crl:')).then(
    (status) => ({ name, accepted: true, why: String(status) }),
    (error) => ({ name, accepted: false, why: String(error.cause?.message ?? error.message) }),
  );
  console.log(JSON.stringify(line));
}
