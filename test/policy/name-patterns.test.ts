import { describe, expect, it } from 'vitest';
import {
  matchesDnsPattern,
  matchesMailPattern,
  matchesTextPattern,
  matchesUriPrefix,
} from '../../src/policy/name-patterns.js';

describe('a DNS pattern', () => {
  it.each([
    ['*.acme.test', 'api.acme.test', true],
    ['*.acme.test', 'API.Acme.Test', true],
    ['*.acme.test', 'a.b.acme.test', false],
    ['*.acme.test', 'acme.test', false],
    ['*.acme.test', '.acme.test', false],
    ['*.acme.test', 'apiacme.test', false],
    ['*.acme.test', 'api.acmeXtest', false],
    ['*.acme.test', 'api.acme.test.evil.test', false],
    ['**.acme.test', 'a.b.acme.test', true],
    ['**.acme.test', 'acme.test', false],
    ['api-*.acme.test', 'api-7.acme.test', true],
    ['api-*.acme.test', 'web.acme.test', false],
    ['*', 'anything.at.all', true],
    ['localhost', 'localhost', true],
    ['localhost', 'localhost.evil.test', false],
    // A wildcard stands for every label
    ['*.acme.test', '*.acme.test', true],
    ['api-*.acme.test', '*.acme.test', false],
    ['*.*.acme.test', '*.acme.test', false],
  ])('%s and the name %s', (pattern, name, taken) => {
    expect(matchesDnsPattern(name, pattern)).toBe(taken);
  });
});

describe('a pattern of mail addresses', () => {
  it.each([
    ['acme.test', 'alice@acme.test', true],
    ['acme.test', 'alice@ACME.test', true],
    ['acme.test', 'alice@mail.acme.test', false],
    ['*.acme.test', 'alice@mail.acme.test', true],
    ['alice@acme.test', 'alice@acme.test', true],
    ['alice@acme.test', 'Alice@acme.test', false],
    ['acme.test', '"a@acme.test"@evil.test', false],
    ['*', 'whoever@evil.test', true],
  ])('%s and %s', (pattern, mailbox, taken) => {
    expect(matchesMailPattern(mailbox, pattern)).toBe(taken);
  });
});

describe('the beginning of a URI', () => {
  it.each([
    ['spiffe://acme/', 'spiffe://acme/api', true],
    ['spiffe://acme', 'spiffe://acme/api', true],
    ['spiffe://acme/api', 'spiffe://acme/api', true],
    ['spiffe://acme/api', 'spiffe://acme/api/7', true],
    ['spiffe://acme/api', 'spiffe://acme/apix', false],
    ['spiffe://acme', 'spiffe://acme.evil/api', false],
    ['https://acme.test', 'https://acme.test@evil.test/', false],
    ['https://acme.test', 'https://acme.test:8443/', false],
    ['spiffe://acme/api/', 'spiffe://acme/api/../root', false],
    ['spiffe://acme/api/', 'spiffe://acme/api/%2E%2e/root', false],
    ['spiffe://acme/api/', 'spiffe://acme/api/..hidden', true],
    ['*', 'https://evil.test/', true],
  ])('%s and %s', (prefix, uri, taken) => {
    expect(matchesUriPrefix(uri, prefix)).toBe(taken);
  });
});

describe('a pattern of commonNames', () => {
  it.each([
    ['svc-*', 'svc-billing.eu', true],
    ['svc-*', 'billing', false],
    ['*', 'Anybody (Ö)', true],
    ['a.c', 'abc', false],
    ['a*c', 'abbc', true],
  ])('%s and %s', (pattern, text, taken) => {
    expect(matchesTextPattern(text, pattern)).toBe(taken);
  });
});
