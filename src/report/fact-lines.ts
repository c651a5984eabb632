import type { ProbeReport } from '../probe/probe-report.js';
import { columns, fence } from './plain-text.js';

/** What the endpoint is: versions, suites, certificate, clients. */
export function factLines({ protocols, cipherSuites, certificates, clientAuth }: ProbeReport): string[] {
  const spoken = Object.entries(protocols).filter(([, isSpoken]) => isSpoken);
  const suites = Object.values(cipherSuites).flat();
  const [leaf] = certificates;
  return columns([
    ['  speaks', spoken.map(([version]) => readable(version)).join(', ') || 'no version that could be told'],
    ...(suites.length > 0 ? [['  agrees on', suites.map(({ name }) => name).join(', ')]] : []),
    ['  certificate', certificateFact(leaf)],
    ['  clients', clientFact(clientAuth)],
  ]);
}

/** `TLSv1.2` as people write it. */
export function readable(version: string): string {
  return version === 'TLSv1' ? 'TLS 1.0' : version.replace(/v/, ' ');
}

function certificateFact(leaf: ProbeReport['certificates'][number] | undefined): string {
  if (leaf === undefined) return 'none seen';
  if ('unreadable' in leaf) return `cannot be read: ${fence(leaf.unreadable)}`;
  const { subject, name, issuer, notAfter, keyType } = leaf;
  return fence(`${subject || name}, ${keyType}, by ${issuer}, until ${notAfter.slice(0, 10)}`);
}

function clientFact({ requested, required, enforcedBy }: ProbeReport['clientAuth']): string {
  if (requested === null) return 'whether a certificate is asked for could not be told';
  if (!requested) return 'no certificate is asked for';
  if (required === null) return 'asked for a certificate; whether it is required could not be told';
  if (!required) return 'asked for a certificate, and served without one';
  return `must show a certificate, turned away by ${enforcedBy === 'http' ? 'an HTTP answer' : 'TLS'}`;
}
