import { mint } from '../../../credentials/mint.js';
import { type BadKind, overHttp } from '../bad-kind.js';

/** Wildcards that would match the name if they were read loosely: alone, within a label, and for the name without a label. */
export const wildcardMisused: BadKind = {
  id: 'wildcard-misused',
  title: 'Refuses a server whose wildcards do not match its name',
  breaks: 'its names are *, a part of the name with a * in it, and *. before the whole name',
  citation: 'RFC 9525 §6.3; CWE-297',
  expected: 'refuse',
  answers: 'http',
  needs: 'issuing-key',
  foundBy: 'certificate-matches-hostname',
  make: async (context) => {
    const { host } = context;
    const subjectAltName = ['*', `${host[0]}*${host.slice(-3)}`, `*.${host}`].map(
      (value) => ({ type: 'dNSName', value }) as const,
    );
    return overHttp(await mint(context, { subjectAltName }));
  },
};
