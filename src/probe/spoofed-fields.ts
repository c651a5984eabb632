import type { MintedCredential } from '../credentials/credential.js';
import { parseCertificate } from '../x509/certificate.js';
import { fingerprint256 } from '../x509/fingerprint.js';
import { commonNameOf, formatName } from '../x509/name.js';
import { encodePem } from '../x509/pem.js';
import { serialNumberHex } from '../x509/serial-number.js';

/** Header fields by which one kind of proxy tells an application who the client is. */
export interface SpoofedFields {
  /** Who writes them so. */
  readonly style: string;
  readonly fields: ReadonlyArray<readonly [name: string, value: string]>;
}

/** What proxies would say of this client, had it shown its certificate: one set for each way of saying it, for one field cannot
 *  have two values. Each set is short enough for the header limits of all stacks. */
export function spoofedFields({ chain }: Pick<MintedCredential, 'chain'>): SpoofedFields[] {
  const client = clientInWords(chain[0]!);
  return STYLES.map(([style, fieldsOf]) => ({ style, fields: shortEnough(fieldsOf(client)) }));
}

interface ClientInWords {
  readonly subject: string;
  /** As OpenSSL wrote it of old: /CN=alice */
  readonly slashed: string;
  readonly commonName: string;
  readonly serial: string;
  readonly fingerprint: string;
  /** PEM, percent-encoded. */
  readonly escapedPem: string;
  /** PEM with blanks for line feeds. */
  readonly flatPem: string;
  readonly base64: string;
}

function clientInWords(der: Uint8Array): ClientInWords {
  const { subject, serialNumber } = parseCertificate(der);
  const text = formatName(subject);
  const pem = encodePem('CERTIFICATE', der);
  return {
    subject: octets(text),
    slashed: octets(`/${text.split(',').reverse().join('/')}`),
    commonName: octets(commonNameOf(subject) ?? ''),
    serial: serialNumberHex(serialNumber),
    fingerprint: fingerprint256(der),
    escapedPem: encodeURIComponent(pem),
    flatPem: pem.trim().replaceAll('\n', ' '),
    base64: Buffer.from(der).toString('base64'),
  };
}

/** UTF-8 as a field's value takes it. */
function octets(text: string): string {
  return [...Buffer.from(text, 'utf8').toString('latin1')]
    .filter((character) => character >= ' ' && character !== '\x7f')
    .join('');
}

/** Leaves out the last ones where it would be too much. */
function shortEnough(fields: SpoofedFields['fields']): SpoofedFields['fields'] {
  let length = 0;
  return fields.filter(([name, value]) => {
    length += name.length + value.length + 4;
    return length <= MAX_FIELDS_BYTES;
  });
}

type FieldsOf = (client: ClientInWords) => SpoofedFields['fields'];

const STYLES: ReadonlyArray<readonly [style: string, fieldsOf: FieldsOf]> = [
  [
    'nginx and ingress-nginx',
    ({ subject, commonName, serial, fingerprint, escapedPem }) => [
      ['X-SSL-Client-Verify', 'SUCCESS'],
      ['X-SSL-Client-S-DN', subject],
      ['X-SSL-Client-DN', subject],
      ['X-SSL-Client-Subject', subject],
      ['X-SSL-Client-CN', commonName],
      ['X-SSL-Client-Serial', serial],
      ['X-SSL-Client-Fingerprint', fingerprint],
      ['X-Client-Verify', 'SUCCESS'],
      ['X-Client-S-DN', subject],
      ['X-Client-DN', subject],
      ['X-Client-CN', commonName],
      ['ssl-client-verify', 'SUCCESS'],
      ['ssl-client-subject-dn', subject],
      ['X-SSL-Client-Cert', escapedPem],
      ['X-Client-Cert', escapedPem],
      ['ssl-client-cert', escapedPem],
    ],
  ],
  [
    'HAProxy and Apache',
    ({ subject, slashed, commonName, serial, fingerprint, flatPem, base64 }) => [
      ['X-SSL', '1'],
      ['X-SSL-Client-Used', '1'],
      ['X-SSL-Client-Verify', '0'],
      ['X-SSL-Client-DN', slashed],
      ['X-SSL-Client-CN', commonName],
      ['X-SSL-Client-Serial', serial],
      ['X-SSL-Client-SHA1', fingerprint],
      ['SSL_CLIENT_VERIFY', 'SUCCESS'],
      ['SSL_CLIENT_S_DN', subject],
      ['SSL_CLIENT_S_DN_CN', commonName],
      ['SSL-Client-S-DN', subject],
      ['SSL-Client-S-DN-CN', commonName],
      ['X-SSL-Client-Cert', base64],
      ['SSL_CLIENT_CERT', flatPem],
    ],
  ],
  [
    'Envoy, Traefik and clouds',
    ({ subject, commonName, serial, fingerprint, escapedPem, base64 }) => [
      ['X-Forwarded-Client-Cert', `Hash=${fingerprint};Cert="${escapedPem}";Subject="${subject}"`],
      ['Client-Cert', `:${base64}:`],
      ['X-Forwarded-Tls-Client-Cert-Info', encodeURIComponent(`Subject="CN=${commonName}"`)],
      ['X-Forwarded-Tls-Client-Cert', encodeURIComponent(base64)],
      ['X-Amzn-Mtls-Clientcert-Subject', subject],
      ['X-Amzn-Mtls-Clientcert-Serial-Number', serial],
      ['X-Amzn-Mtls-Clientcert-Leaf', escapedPem],
      ['X-ARR-ClientCert', base64],
    ],
  ],
];

/** HAProxy takes heads of some 15,000 octets, Node 16,384, and most others a line of 8,190. */
const MAX_FIELDS_BYTES = 7_000;
