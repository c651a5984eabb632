import { rootCertificates } from 'node:tls';

/** The roots that Node brings along, Mozilla's at the time it was built, in PEM. */
export function bundledRoots(): readonly string[] {
  return rootCertificates;
}
