/** What a file is that holds nothing of X.509, in words that go behind "this is", and what to do instead. */
export interface ForeignContent {
  readonly what: string;
  readonly hint?: string;
}

/** Tells what octets look like that are no PEM, no DER and so nothing of ours. */
export function foreignContentOf(bytes: Uint8Array): ForeignContent {
  if (bytes.length === 0) return { what: 'an empty file', hint: 'Make or fetch it anew.' };
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, HEAD)).toString('latin1');
  if (/^\s*$/.test(head)) return { what: 'a file of nothing but white space' };
  if (head.startsWith('\xff\xfe') || head.startsWith('\xfe\xff')) return UTF_16;
  const known =
    MAGIC.find(([octets]) => head.startsWith(octets)) ?? TEXTS.find(([pattern]) => pattern.test(head));
  if (known !== undefined) return known[1];
  return isText(head) ? { what: 'a text without a PEM block' } : { what: 'binary data that is no DER' };
}

/** What a PEM label stands for that is none of ours; undefined where we do not know it either. */
export function foreignLabel(label: string): ForeignContent | undefined {
  if (label.startsWith('PGP')) return { what: 'an OpenPGP key or message' };
  return LABELS.get(label);
}

function isText(head: string): boolean {
  return [...head].every((character) => character >= ' ' || WHITE.has(character));
}

const HEAD = 4096;
/** And the escape of coloured output. */
const WHITE: ReadonlySet<string> = new Set(['\t', '\n', '\v', '\f', '\r', '\x1b']);

const SSH_PRIVATE: ForeignContent = {
  what: 'an SSH private key',
  hint: '`ssh-keygen -p -m PKCS8 -f FILE` rewrites it as PKCS#8, which sslapi reads.',
};
const SSH_PUBLIC: ForeignContent = {
  what: 'an SSH public key',
  hint: '`ssh-keygen -e -m PKCS8 -f FILE` writes it as a PEM public key.',
};
const JAVA: ForeignContent = {
  what: 'a Java key store (JKS)',
  hint: '`keytool -importkeystore -srckeystore FILE -destkeystore out.p12 -deststoretype PKCS12` turns it into PKCS#12.',
};
const UTF_16: ForeignContent = {
  what: 'a text in UTF-16, as Windows saves it',
  hint: 'Save it as UTF-8 or ASCII: `iconv -f UTF-16 -t UTF-8 FILE`.',
};

/** How a file of that kind begins, one character an octet. */
const MAGIC: ReadonlyArray<readonly [string, ForeignContent]> = [
  ['---- BEGIN SSH2 PUBLIC KEY ----', SSH_PUBLIC],
  ['PuTTY-User-Key-File-', { what: 'a PuTTY private key', hint: 'PuTTYgen exports it as an OpenSSH key.' }],
  ['\xfe\xed\xfe\xed', JAVA],
  ['\xce\xce\xce\xce', JAVA],
  ['PK\x03\x04', { what: 'a ZIP archive' }],
  ['\x1f\x8b', { what: 'a gzip archive', hint: 'Unpack it first.' }],
  ['%PDF-', { what: 'a PDF document' }],
  ['\x7fELF', { what: 'a program' }],
  ['\x89PNG', { what: 'a picture' }],
  ['\xff\xd8\xff', { what: 'a picture' }],
  ['SQLite format 3', { what: 'an SQLite database' }],
];

const TEXTS: ReadonlyArray<readonly [RegExp, ForeignContent]> = [
  [/^\s*(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\S+|sk-\S+@openssh\.com) AAAA/, SSH_PUBLIC],
  [
    /^\s*<(!doctype html|html|head|body)/i,
    {
      what: 'an HTML page',
      hint: 'The download gave a page instead of the file; look at it in a browser.',
    },
  ],
  [/^\s*<\?xml|^\s*<[a-z]/i, { what: 'an XML document' }],
  [/^\s*(\{\s*"|\{\s*\}|\[\s*[{["\]])/, { what: 'a JSON document' }],
  [
    /^\s*Certificate( Request| Revocation List \(CRL\))?:\s*\n/,
    {
      what: 'the text that openssl prints of it',
      hint: 'Make it again without `-noout`, so that the PEM stands in it.',
    },
  ],
  [/^0[\x80-\xff]/, { what: 'ASN.1 that is no certificate, request, CRL or key' }],
];

const LABELS: ReadonlyMap<string, ForeignContent> = new Map([
  ['OPENSSH PRIVATE KEY', SSH_PRIVATE],
  ['DH PARAMETERS', { what: 'Diffie-Hellman parameters' }],
  ['X9.42 DH PARAMETERS', { what: 'Diffie-Hellman parameters' }],
  ['DSA PARAMETERS', { what: 'DSA parameters' }],
  ['DSA PRIVATE KEY', { what: 'a DSA private key, which nothing accepts any more' }],
  ['EC PARAMETERS', { what: 'the name of a curve, without a key' }],
  ['SSL SESSION PARAMETERS', { what: 'a TLS session' }],
  ['ATTRIBUTE CERTIFICATE', { what: 'an attribute certificate (RFC 5755)' }],
]);
