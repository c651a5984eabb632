// In one process, interleaved: issuing a certificate (key, extensions, signature, PEM; the store not counted), and the
// raw node:crypto work that nobody can do without: a key, its two exports, a signature.
import { generateKeyPairSync, sign } from 'node:crypto';
import { PROFILES } from '../../src/ca/profiles.js';
import { signCertificate } from '../../src/ca/sign-certificate.js';
import { validityPeriod } from '../../src/ca/validity-period.js';
import { generateKey } from '../../src/keys/generate-key.js';
import { signerOfPkcs8 } from '../../src/keys/signer.js';
import { commonNameOnly } from '../../src/x509/name.js';
import { encodePem } from '../../src/x509/pem.js';

const BATCH = 500;
const TBS = new Uint8Array(400);
const ROUNDS = Number(process.env['SSLAPI_BENCH_ROUNDS'] ?? 15);
const caKey = await generateKey('ec-p256');
const signer = signerOfPkcs8(caKey.pkcs8, caKey.subjectPublicKeyInfo);
const rawKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;
const ours: number[] = [];
const raw: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  ours.push(await perSecond(issue));
  raw.push(await perSecond(rawWork));
}
const share = (100 * median(ours)) / median(raw);
const verdict = share >= 60 ? 'held' : 'MISSED';
console.log(
  `in-process issue, P-256: ${median(ours).toFixed(0)}/s; node:crypto alone ${median(raw).toFixed(0)}/s`,
);
console.log(`that is ${share.toFixed(0)} % of the raw speed, wanted at least 60: ${verdict}`);

async function issue(): Promise<void> {
  const key = await generateKey('ec-p256');
  const { validity } = validityPeriod({}, 90, new Date(), null);
  const der = await signCertificate(
    {
      profile: PROFILES.client,
      subject: commonNameOnly('sensor-7'),
      subjectAltName: [{ type: 'uniformResourceIdentifier', value: 'spiffe://acme/sensor-7' }],
      subjectPublicKeyInfo: key.subjectPublicKeyInfo,
      validity,
      issuer: {
        subject: commonNameOnly('CA'),
        subjectPublicKeyInfo: caKey.subjectPublicKeyInfo,
        role: 'issuing',
      },
      urls: {},
    },
    signer,
  );
  encodePem('CERTIFICATE', der);
  encodePem('PRIVATE KEY', key.pkcs8);
}

async function rawWork(): Promise<void> {
  generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  sign('sha256', TBS, rawKey);
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  for (let done = 0; done < BATCH; done += 1) await work();
  return (BATCH * 1000) / (performance.now() - started);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
