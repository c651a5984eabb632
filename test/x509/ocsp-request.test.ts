import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeOcspRequest } from '../../src/x509/ocsp-request.js';
import { serialNumberHex } from '../../src/x509/serial-number.js';
import { makeCa, makeLeaf } from '../path/certificate-maker.js';
import { peer } from '../peers/peer.js';

describe('an OCSP request, RFC 6960 §4.1', () => {
  const issuer = makeCa('CN=Lab CA');
  const leaf = makeLeaf(issuer, 'DNS:api.test', { serialNumber: 0x80ffn });

  it.skipIf(!peer('openssl'))('is read by OpenSSL, with the serial number and without a nonce', () => {
    const request = encodeOcspRequest(leaf.certificate, issuer.certificate);

    const folder = mkdtempSync(join(tmpdir(), 'sslapi-ocsp-'));
    writeFileSync(join(folder, 'request.der'), request);
    const text = execFileSync('openssl', ['ocsp', '-reqin', 'request.der', '-req_text'], {
      cwd: folder,
      encoding: 'utf8',
    });
    rmSync(folder, { recursive: true });

    expect(serialNumberHex(leaf.certificate.serialNumber)).toBe('80ff');
    expect(text).toContain('Serial Number: 80FF');
    expect(text).toContain('Hash Algorithm: sha1');
    expect(text).not.toContain('Nonce');
  });
});
