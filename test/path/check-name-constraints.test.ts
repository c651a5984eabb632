import { describe, expect, it } from 'vitest';
import type { RefusalReason } from '../../src/path/path-result.js';
import { nameConstraints } from '../../src/x509/extensions/name-constraints.js';
import { subjectAltName } from '../../src/x509/extensions/subject-alt-name.js';
import type { GeneralName } from '../../src/x509/general-name.js';
import { parseName } from '../../src/x509/name.js';
import { OID } from '../../src/x509/oid.js';
import { makeCa, makeLeaf, type Wish } from './certificate-maker.js';
import { verdictOf } from './verify-made.js';

const dns = (value: string): GeneralName => ({ type: 'dNSName', value });
const mail = (value: string): GeneralName => ({ type: 'rfc822Name', value });
const uri = (value: string): GeneralName => ({ type: 'uniformResourceIdentifier', value });
const ip = (...octets: number[]): GeneralName => ({ type: 'iPAddress', octets: Uint8Array.from(octets) });
const directory = (text: string): GeneralName => ({ type: 'directoryName', name: parseName(text) });
const other: GeneralName = {
  type: 'otherName',
  der: Uint8Array.of(0xa0, 8, 6, 2, 0x2a, 3, 0xa0, 2, 5, 0),
};

type Outcome = RefusalReason | 'accepted';

function verdict(
  permitted: GeneralName[],
  excluded: GeneralName[],
  names: GeneralName[],
  wish: Wish = {},
): Outcome {
  const root = makeCa('CN=Root', {
    more: [nameConstraints({ permittedSubtrees: permitted, excludedSubtrees: excluded })],
  });
  const more = names.length > 0 ? [subjectAltName(names)] : [];
  const without = names.length > 0 ? [] : [OID.subjectAltName];
  return verdictOf(makeLeaf(root, 'api.test', { more, without, ...wish }), { trusted: [root] });
}

const OUT = 'name-constraint-violation';

describe('permitted subtrees (RFC 5280 §4.2.1.10)', () => {
  it.each<[string, GeneralName, GeneralName, Outcome]>([
    ['the domain itself', dns('api.test'), dns('api.test'), 'accepted'],
    ['a subdomain', dns('api.test'), dns('a.b.API.test'), 'accepted'],
    ['a domain that only ends alike', dns('api.test'), dns('xapi.test'), OUT],
    ['the domain above', dns('api.test'), dns('test'), OUT],
    ['every domain', dns(''), dns('any.where'), 'accepted'],
    ['a wildcard below', dns('api.test'), dns('*.api.test'), 'accepted'],
    ['a wildcard above', dns('a.api.test'), dns('*.api.test'), OUT],
    ['another kind of name is free', dns('api.test'), ip(10, 0, 0, 1), 'accepted'],
    ['an address in the range', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(10, 9, 9, 9), 'accepted'],
    ['an address outside', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(11, 0, 0, 1), OUT],
    ['the other family', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(...Array<number>(15).fill(0), 1), OUT],
    ['a mailbox', mail('a@mail.test'), mail('a@MAIL.test'), 'accepted'],
    ['the local part keeps its case', mail('a@mail.test'), mail('A@mail.test'), OUT],
    ['all mailboxes of a host', mail('mail.test'), mail('x@mail.test'), 'accepted'],
    ['not of hosts below', mail('mail.test'), mail('x@b.mail.test'), OUT],
    ['of hosts below, with a period', mail('.mail.test'), mail('x@b.mail.test'), 'accepted'],
    ['and then not of the host', mail('.mail.test'), mail('x@mail.test'), OUT],
    ['the host of a URI', uri('api.test'), uri('https://api.test:8443/x'), 'accepted'],
    ['not a host below', uri('api.test'), uri('https://a.api.test/'), OUT],
    ['hosts below, with a period', uri('.api.test'), uri('https://a.api.test/'), 'accepted'],
    ['a URI without a host', uri('api.test'), uri('urn:x:y'), OUT],
    ['a URI with an address', uri('api.test'), uri('https://10.0.0.1/'), OUT],
    ['a directory below', directory('O=Acme'), directory('CN=x,O=acme'), 'accepted'],
    ['a directory elsewhere', directory('O=Acme'), directory('CN=x,O=Other'), OUT],
  ])('%s', (_what, base, name, outcome) => {
    const subject = base.type === 'directoryName' ? { subject: 'CN=a leaf,O=Acme' } : {};
    expect(verdict([base], [], [name], subject)).toBe(outcome);
  });
});

describe('excluded subtrees', () => {
  it.each<[string, GeneralName, GeneralName, Outcome]>([
    ['the domain itself', dns('api.test'), dns('api.test'), OUT],
    ['beside it', dns('api.test'), dns('b.test'), 'accepted'],
    ['a wildcard that could stand for it', dns('a.api.test'), dns('*.api.test'), OUT],
    ['a wildcard that could not', dns('a.b.api.test'), dns('*.api.test'), 'accepted'],
    ['an address in the range', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(10, 1, 1, 1), OUT],
    ['an address outside', ip(10, 0, 0, 0, 255, 0, 0, 0), ip(192, 0, 2, 1), 'accepted'],
    ['a URI whose host cannot be told', uri('b.test'), uri('urn:x:y'), OUT],
    ['the mailboxes of a host', mail('mail.test'), mail('x@mail.test'), OUT],
    ['a form without rules', other, other, 'name-constraint-unsupported'],
    ['a form without rules, where no name is of it', other, dns('api.test'), 'accepted'],
  ])('%s', (_what, base, name, outcome) => expect(verdict([], [base], [name])).toBe(outcome));

  it('win over permitted ones', () => {
    expect(verdict([dns('test')], [dns('api.test')], [dns('a.api.test')])).toBe(OUT);
  });
});

describe('what is constrained', () => {
  it('the subject, as a directoryName', () => {
    expect(verdict([directory('O=Acme')], [], [dns('api.test')], { subject: 'CN=x,O=Acme' })).toBe(
      'accepted',
    );
    expect(verdict([directory('O=Acme')], [], [dns('api.test')], { subject: 'CN=x,O=Other' })).toBe(OUT);
  });

  it('the emailAddress of the subject, where there is no subjectAltName', () => {
    const subject = 'CN=x,EMAILADDRESS=a@other.test';

    expect(verdict([mail('mail.test')], [], [], { subject })).toBe(OUT);
    expect(verdict([mail('mail.test')], [], [dns('api.test')], { subject })).toBe('accepted');
  });

  it('never the commonName', () => {
    expect(verdict([dns('api.test')], [], [], { subject: 'CN=other.test' })).toBe('accepted');
  });

  it('every certificate below, but for self-issued CAs', () => {
    const permits = (base: string) =>
      nameConstraints({ permittedSubtrees: [dns(base)], excludedSubtrees: [] });
    const top = makeCa('CN=Top', { more: [permits('test')] });
    const rolled = makeCa('CN=Top', { issuer: top, more: [subjectAltName([dns('ca.example')])] });
    const sub = makeCa('CN=Sub', { issuer: top, more: [subjectAltName([dns('ca.example')])] });

    expect(verdictOf(makeLeaf(rolled, 'api.test'), { trusted: [top], untrusted: [rolled] })).toBe('accepted');
    expect(verdictOf(makeLeaf(sub, 'api.test'), { trusted: [top], untrusted: [sub] })).toBe(OUT);
  });

  it('by every CA above: a lower one cannot widen', () => {
    const permits = (base: string) =>
      nameConstraints({ permittedSubtrees: [dns(base)], excludedSubtrees: [] });
    const top = makeCa('CN=Top', { more: [permits('a.test')] });
    const sub = makeCa('CN=Sub', { issuer: top, more: [permits('test')] });

    expect(verdictOf(makeLeaf(sub, 'b.test'), { trusted: [top], untrusted: [sub] })).toBe(OUT);
    expect(verdictOf(makeLeaf(sub, 'a.test'), { trusted: [top], untrusted: [sub] })).toBe('accepted');
  });
});

it('a period in front of a domain, which the RFC does not have, takes subdomains only by the web’s profile', () => {
  const root = makeCa('CN=Root', {
    more: [nameConstraints({ permittedSubtrees: [dns('.test')], excludedSubtrees: [] })],
  });
  const ask = (host: string, profile: 'rfc5280' | 'webpki') =>
    verdictOf(makeLeaf(root, `DNS:${host}`, { subject: `CN=${host}` }), { trusted: [root], profile });

  expect(ask('api.test', 'webpki')).toBe('accepted');
  expect(ask('test', 'webpki')).toBe(OUT);
  expect(ask('api.test', 'rfc5280')).toBe('extension-malformed');
});

it('too many comparisons end in a reason, quickly', () => {
  const bases = Array.from({ length: 1000 }, (_, index) => dns(`n${index}.example`));
  const names = Array.from({ length: 1000 }, (_, index) => dns(`h${index}.test`));
  const start = performance.now();

  expect(verdict([], bases, names)).toBe('name-constraint-budget-exceeded');
  expect(performance.now() - start).toBeLessThan(2000);
});
