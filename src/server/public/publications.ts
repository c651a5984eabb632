import { parseCertificate } from '../../x509/certificate.js';
import { parseCertificateList } from '../../x509/certificate-list.js';
import { decodePem, encodePem } from '../../x509/pem.js';

/** One thing that anybody may have. */
export interface Publication {
  /** As it is asked for. */
  readonly path: string;
  readonly title: string;
  /** Inside the pki folder. */
  readonly file: string;
  readonly contentType: string;
  /** Whether every CA has it, and its absence is a fault: a single CA has no root above it. */
  readonly isAlwaysThere: boolean;
  /** What is sent of the file, or null where the CA has no such thing; throws where the file is something else. */
  readonly contentOf: (file: Buffer) => Content | null;
}

export interface Content {
  readonly body: Uint8Array;
  /** When it ends to hold; null where it tells no such time, or no cache needs to know. */
  readonly nextUpdate: Date | null;
}

/** All that is ever published. `{ca}` of `init-ca --crl-url` and `--issuer-url` is `root` or `issuing`. Nothing is sent as the
 *  file has it unless it was read as what it shall be: a key that somebody puts in its place stays where it is. */
export const PUBLICATIONS: readonly Publication[] = [
  crl('root', 'CRL of the root CA'),
  crl('issuing', 'CRL of the issuing CA'),
  certificate('root', 'certificate of the root CA', (chain) => (chain.length > 1 ? chain.at(-1) : undefined)),
  certificate('issuing', 'certificate of the issuing CA', (chain) => chain[0]),
  bundle('ca.crt', 'the certificate to trust, PEM'),
  bundle('ca-chain.crt', 'issuing CA and root, PEM'),
];

function crl(role: string, title: string): Publication {
  return {
    path: `/${role}.crl`,
    title,
    file: `crl/${role}.crl`,
    contentType: 'application/pkix-crl', // RFC 5280 §4.2.1.13, RFC 2585 §4
    isAlwaysThere: role === 'issuing',
    contentOf: (file) => ({ body: file, nextUpdate: parseCertificateList(file).nextUpdate }),
  };
}

function certificate(
  role: string,
  title: string,
  pick: (chain: readonly Uint8Array[]) => Uint8Array | undefined,
): Publication {
  return {
    path: `/${role}.crt`,
    title,
    file: 'ca-chain.crt',
    contentType: 'application/pkix-cert',
    isAlwaysThere: role === 'issuing',
    contentOf: (file) => {
      const body = pick(certificatesIn(file));
      return body === undefined ? null : { body, nextUpdate: null };
    },
  };
}

function bundle(name: string, title: string): Publication {
  return {
    path: `/${name}`,
    title,
    file: name,
    contentType: 'application/pem-certificate-chain', // RFC 8555 §9.1
    isAlwaysThere: true,
    contentOf: (file) => {
      const pems = certificatesIn(file).map((der) => encodePem('CERTIFICATE', der));
      return { body: Buffer.from(pems.join('')), nextUpdate: null };
    },
  };
}

function certificatesIn(file: Buffer): Uint8Array[] {
  const ders = decodePem(file.toString('latin1'))
    .filter(({ label }) => label === 'CERTIFICATE')
    .map(({ der }) => parseCertificate(der).der);
  if (ders.length === 0) throw new Error('no certificate is in it');
  return ders;
}
