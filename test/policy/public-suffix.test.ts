import { describe, expect, it } from 'vitest';
import { isPublicSuffix } from '../../src/policy/public-suffix.js';

describe('below a public suffix everybody may register', () => {
  it.each(['com', 'test', 'co.uk', 's3.amazonaws.com', 'github.io', 'foo.ck', 'xn--55qx5d.cn'])(
    '%s',
    (domain) => expect(isPublicSuffix(domain)).toBe(true),
  );
});

describe('a registered name is none', () => {
  it.each(['example.com', 'example.co.uk', 'www.ck', 'city.kobe.jp', 'api.internal'])('%s', (domain) =>
    expect(isPublicSuffix(domain)).toBe(false),
  );
});
