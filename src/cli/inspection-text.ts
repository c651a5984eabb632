import type { Inspected, Inspection, Pkcs12Container } from '../lint/inspect.js';
import type { InspectedKey } from '../lint/inspect-key.js';
import type { LintReport } from '../lint/lint-certificate.js';
import type { Paint } from '../ui/colour.js';
import type { CertificateDescription } from '../x509/describe-certificate.js';
import type { CertificateListDescription } from '../x509/describe-certificate-list.js';
import type { OcspDescription } from '../x509/describe-ocsp-response.js';
import type { RequestDescription } from '../x509/describe-request.js';
import { kindInWords } from '../x509/recognise.js';

/** What `inspect` found, as a careful reviewer would write it down. */
export function inspectionText({ items, passedOver, remarks }: Inspection, now: Date, paint: Paint): string {
  const parts = items.map((item, at) => {
    const [title, rows, findings] = describe(item, now);
    const number = items.length > 1 ? `${at + 1}. ` : '';
    return [`${number}${paint('strong', title)}`, ...aligned(rows), ...findingLines(findings, paint)].join(
      '\n',
    );
  });
  const others = passedOver.map((what) => `passed over: ${what}`);
  const said = remarks.map(({ ok, text }) => (ok ? text : `${paint('bad', 'wrong:')} ${text}`));
  return `${[...parts, ...others, ...(said.length === 0 ? [] : [said.join('\n')])].join('\n\n')}\n`;
}

type Row = readonly [label: string, value: string | readonly string[] | undefined];
type Told = readonly [title: string, rows: readonly Row[], findings?: readonly LintReport[]];

function describe(item: Inspected, now: Date): Told {
  switch (item.kind) {
    case 'certificate':
      return [item.ca ? 'certificate of a CA' : 'certificate', certificateRows(item, now), item.findings];
    case 'certificate-request':
      return ['certificate request', requestRows(item), item.findings];
    case 'certificate-list':
      return [item.delta ? 'delta CRL' : 'CRL', listRows(item, now)];
    case 'ocsp-response':
      return ['OCSP response', ocspRows(item)];
    case 'private-key':
    case 'public-key':
      return [item.kind.replace('-', ' '), keyRows(item)];
    case 'pkcs12':
      return ['PKCS#12 file', pkcs12Rows(item)];
    case 'malformed':
      return [
        `${kindInWords(item.what)} that breaks the rules`,
        [
          ['why', item.message],
          ['to do', ANEW],
        ],
      ];
  }
}

function certificateRows(
  item: CertificateDescription & { readonly selfSigned: boolean },
  now: Date,
): readonly Row[] {
  return [
    ['subject', item.subject || '(no name)'],
    ['issuer', item.selfSigned ? `${item.issuer} (self-signed)` : item.issuer || '(no name)'],
    ['names', item.subjectAltName],
    ['revoked', item.revocationDate && `${item.revocationDate}, ${item.revocationReason}`],
    ['valid', `${item.notBefore} to ${item.notAfter}, ${validityNote(item, now)}`],
    ['serial', item.serialNumber],
    ['key', item.keyType],
    ['signed with', item.signatureAlgorithm],
    ['CA', item.ca ? `yes${pathLength(item)}` : undefined],
    ['key usage', item.keyUsage?.join(', ')],
    ['purposes', item.extKeyUsage?.join(', ')],
    ['permitted', item.permitted],
    ['excluded', item.excluded],
    ['policies', item.policies],
    ['CRL', item.crlUrls],
    ['OCSP', item.ocspUrls],
    ['issuer at', item.issuerUrls],
    ['key id', item.subjectKeyIdentifier],
    ['issuer key id', item.authorityKeyIdentifier],
    ['SHA-256', item.fingerprint256],
    ['version', item.version === 3 ? undefined : String(item.version)],
  ];
}

function requestRows(item: RequestDescription & { readonly signatureValid: boolean }): readonly Row[] {
  return [
    ['subject', item.subject || '(no name)'],
    ['names', item.subjectAltName],
    ['key', item.keyType],
    [
      'signature',
      `${item.signatureAlgorithm}, ${item.signatureValid ? 'valid' : 'INVALID: its key did not make it'}`,
    ],
    ['asks to be', item.ca ? 'a CA' : undefined],
    ['key usage', item.keyUsage?.join(', ')],
    ['purposes', item.extKeyUsage?.join(', ')],
  ];
}

function listRows(item: CertificateListDescription, now: Date): readonly Row[] {
  const more = item.entries - item.revoked.length;
  return [
    ['issuer', item.issuer],
    ['number', item.crlNumber],
    ['this update', item.thisUpdate],
    [
      'next update',
      item.nextUpdate === null ? 'not said' : `${item.nextUpdate}, ${endNote(item.nextUpdate, now)}`,
    ],
    ['signed with', item.signatureAlgorithm],
    ['issuer key id', item.authorityKeyIdentifier],
    ['revoked', `${item.entries} ${item.entries === 1 ? 'certificate' : 'certificates'}`],
    [
      '',
      [
        ...item.revoked.map((one) => `${one.serialNumber}  ${one.revocationDate}  ${one.revocationReason}`),
        ...(more > 0 ? [`and ${more} more`] : []),
      ],
    ],
  ];
}

function ocspRows({
  responseStatus,
  responder,
  producedAt,
  responses = [],
}: OcspDescription): readonly Row[] {
  return [
    ['status', responseStatus],
    ['responder', responder],
    ['produced', producedAt],
    [
      'answers',
      responses.map(({ serialNumber, status, thisUpdate, nextUpdate, revocationReason }) =>
        [
          serialNumber,
          status,
          ...(revocationReason ? [revocationReason] : []),
          `${thisUpdate} to ${nextUpdate ?? '…'}`,
        ].join('  '),
      ),
    ],
  ];
}

function pkcs12Rows({ opened, friendlyNames, encryption, mac }: Pkcs12Container): readonly Row[] {
  return [
    ['encryption', encryption.join(', ') || 'none'],
    ['MAC', mac ?? 'none'],
    opened ? ['names', friendlyNames] : ['closed', CLOSED],
  ];
}

function keyRows({ keyType, encoding, encrypted, keyIdentifier }: InspectedKey): readonly Row[] {
  return [
    ['type', keyType ?? undefined],
    ['encoding', ENCODINGS[encoding]],
    ['encrypted', encrypted ? (keyType === null ? `yes; ${CLOSED}` : 'yes') : undefined],
    ['key id', keyIdentifier ?? undefined],
  ];
}

function findingLines(findings: readonly LintReport[] | undefined, paint: Paint): string[] {
  if (findings === undefined) return [];
  if (findings.length === 0) return [paint('good', '  no findings')];
  return findings.flatMap(({ severity, id, title, evidence, citation }) => [
    `  ${paint(severity === 'info' || severity === 'low' ? 'warning' : 'bad', `${severity}:`)} ${title} (${id})`,
    `      seen: ${evidence}; ${citation}`,
  ]);
}

function aligned(rows: readonly Row[]): string[] {
  return rows.flatMap(([label, value]) => {
    const values = typeof value === 'string' ? [value] : (value ?? []);
    return values.map((one, at) => `  ${(at === 0 ? label : '').padEnd(LABEL_WIDTH)}  ${one}`);
  });
}

function validityNote({ status, notBefore, notAfter }: CertificateDescription, now: Date): string {
  return status === 'not-yet-valid' ? `NOT YET VALID for ${span(notBefore, now)}` : endNote(notAfter, now);
}

function endNote(end: string, now: Date): string {
  return new Date(end) < now ? `EXPIRED ${span(end, now)} ago` : `${span(end, now)} left`;
}

/** Days, or hours where it is less than two. */
function span(until: string, now: Date): string {
  const hours = Math.floor(Math.abs(new Date(until).getTime() - now.getTime()) / 3_600_000);
  return hours < 48 ? `${hours} hours` : `${Math.floor(hours / 24)} days`;
}

function pathLength({ pathLenConstraint }: CertificateDescription): string {
  if (pathLenConstraint === undefined) return '';
  return pathLenConstraint === 0
    ? ', with no CA below it'
    : `, with at most ${pathLenConstraint} CAs below it`;
}

const ANEW = 'Fetch it anew; if it was issued so, its issuer must make it again.';
const LABEL_WIDTH = 13;
const CLOSED = 'give --password-file FILE to look inside';
const ENCODINGS: Readonly<Record<InspectedKey['encoding'], string>> = {
  pkcs8: 'PKCS#8',
  pkcs1: 'PKCS#1',
  sec1: 'SEC 1',
  'pkcs8-encrypted': 'PKCS#8',
  'pem-encrypted': 'PEM of old (RFC 1421)',
  spki: 'SubjectPublicKeyInfo',
};
