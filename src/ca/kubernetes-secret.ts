import { encodePem } from '../x509/pem.js';
import type { ExportMaterial } from './export-material.js';

/** A Secret of type kubernetes.io/tls with `ca.crt` beside, as cert-manager writes it and ingress controllers read it.
 *  @param chain what stands between the certificate and the root */
export function kubernetesSecret(
  { friendlyName, certificate, authorities }: ExportMaterial,
  chain: readonly Uint8Array[],
  privateKey: Uint8Array,
): string {
  const root = authorities.at(-1) ?? certificate;
  const certificates = [certificate, ...chain].map((der) => encodePem('CERTIFICATE', der)).join('');
  return [
    'apiVersion: v1',
    'kind: Secret',
    'metadata:',
    `  name: ${secretName(friendlyName)}`,
    'type: kubernetes.io/tls',
    'data:',
    `  tls.crt: ${base64(certificates)}`,
    `  tls.key: ${base64(encodePem('PRIVATE KEY', privateKey))}`,
    `  ca.crt: ${base64(encodePem('CERTIFICATE', root))}`,
    '',
  ].join('\n');
}

/** A NAME as Kubernetes allows it, RFC 1123: lower case, letters, digits, hyphens and dots, quoted in YAML where it would
 *  be read as a number. */
function secretName(name: string): string {
  const parts = name
    .toLowerCase()
    .replace(/^\*/, 'wildcard')
    .split('.')
    .map((part) => part.replace(/[^a-z0-9-]+/g, '-').replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '');
  return JSON.stringify(parts.join('.') || 'certificate');
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
