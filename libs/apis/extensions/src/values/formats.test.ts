import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatOf, isOfFormat, isRecognizedFormat } from './formats.js';

type Table = Readonly<Record<string, { readonly good: readonly string[]; readonly bad: readonly string[] }>>;

const TEXTS: Table = {
  bsonobjectid: { good: ['507f1f77bcf86cd799439011'], bad: ['507f1f77bcf86cd79943901', 'zzzf1f77bcf86cd799439011'] },
  uri: {
    good: ['http://foo.bar#com', 'https://www.xn--froschgrn-x9a.net/', '/a/b?c=d', 'mailto:x@example.com'],
    bad: ['foo.com', 'not a uri', 'http://[::1', 'http://a/%zz', ''],
  },
  email: {
    good: ['blah@gmail.com', 'A Person <a.person@example.com>', '"two words"@example.com', 'foo@[127.0.0.1]'],
    bad: ['somebody@somewhere@com', 'nobody', '@example.com', 'a@', 'a b@example.com'],
  },
  hostname: {
    good: ['somewhere.com', 'a', 'www.example.org', 'bücher.example'],
    bad: ['-a', '', `${'a'.repeat(64)}.com`],
  },
  ipv4: { good: ['192.168.254.1'], bad: ['198.168.254.2.2', '::1', '256.0.0.1', '01.2.3.4'] },
  ipv6: { good: ['::1', '2001:db8::8a2e:370:7334'], bad: ['127.0.0.1', ':::', '1::2::3'] },
  cidr: { good: ['192.168.254.1/24', '2001:db8::/32'], bad: ['198.168.254.2', '10.0.0.0/33', '/24'] },
  mac: {
    good: ['01:02:03:04:05:06', '01-02-03-04-05-06', '0123.4567.89ab', '01:02:03:04:05:06:07:08'],
    bad: ['01:02:03:04:05', '01:02-03:04:05:06', '0123.4567'],
  },
  uuid: { good: ['a8098c1a-f86e-11da-bd1a-00112444be1e', 'a8098c1af86e11dabd1a00112444be1e'], bad: ['not-a-uuid', ''] },
  uuid3: { good: ['bcd02e22-68f0-3046-a512-327cca9def8f'], bad: ['bcd02e22-68f0-4046-a512-327cca9def8f'] },
  uuid4: { good: ['025b0d74-00a2-4048-bf57-227c5111bb34'], bad: ['025b0d74-00a2-4048-7f57-227c5111bb34'] },
  uuid5: { good: ['886313e1-3b8a-5372-9b90-0c9aee199e5d'], bad: ['886313e1-3b8a-1372-9b90-0c9aee199e5d'] },
  isbn: { good: ['0321751043', '978-0321751041'], bad: ['836217463', '9780321751042'] },
  isbn10: { good: ['0321751043', '0-8044-2957-X'], bad: ['0321751044', '978-0321751041'] },
  isbn13: { good: ['978-0321751041'], bad: ['0321751043', '978-0321751042'] },
  creditcard: {
    good: ['4111-1111-1111-1111', '5555 5555 5555 4444'],
    bad: ['9999-9999-9999-999', '4111-1111-1111-1112'],
  },
  ssn: { good: ['111-11-1111', '111 11 1111'], bad: ['999 99 999', '11111-1111', '111111111'] },
  hexcolor: { good: ['#FFFFFF', 'fff', '#a1B'], bad: ['#fffffffz', '#ff', 'ffff'] },
  rgbcolor: { good: ['rgb(100,100,100)', 'rgb( 0 , 255 , 9 )'], bad: ['rgb(300,0,0)', 'rgb(1,2)', '#fff'] },
  byte: { good: ['ZWxpemFiZXRocG9zZXk=', 'YQ=='], bad: ['ZWxpemFiZXRocG9zZXk', '', 'a b='] },
  password: { good: ['', 'anything at all'], bad: [] },
  date: {
    good: ['2014-12-15', '2024-02-29', '2000-02-29'],
    bad: ['2014-2-1', '2023-02-29', '1900-02-29', '2024-04-31'],
  },
  duration: { good: ['2h45m', '3 days', '-1.5h', '0', '5 weeks'], bad: ['', 'h', '3 fortnights', 'soon'] },
  'date-time': {
    good: ['2011-08-18T19:03:37.123Z', '2011-08-18t19:03:37z', '2011-08-18T19:03:37+01:00'],
    bad: ['2011-08-18', '2011-08-18T24:00:00Z', '2011-08-18T19:60:00Z', '2011-08-18T19:03:37', '2011-13-01T00:00:00Z'],
  },
  'k8s-short-name': { good: ['a', 'a-1', '1'], bad: ['A', 'a.b', '-a', 'a'.repeat(64)] },
  'k8s-long-name': { good: ['a.b-c', '1.2'], bad: ['A.b', '.a', 'a..b', 'a_b'] },
};

const rows = (pick: 'good' | 'bad') =>
  Object.entries(TEXTS).flatMap(([format, texts]) => texts[pick].map((text) => [format, text] as const));

describe('a text of a format', () => {
  it.each(rows('good'))('%s takes %j', (format, text) => {
    expect(isOfFormat(format, text)).toBe(true);
  });

  it.each(rows('bad'))('%s refuses %j', (format, text) => {
    expect(isOfFormat(format, text)).toBe(false);
  });

  it('answers nothing of a format nobody knows, be it a member of every object', () => {
    for (const format of ['postcode', 'constructor', '__proto__', '']) expect(isOfFormat(format, 'a')).toBeUndefined();
  });

  it('is found by its name with and without dashes', () => {
    expect(isOfFormat('datetime', '2011-08-18T19:03:37Z')).toBe(true);
    expect(isOfFormat('u-u-i-d', 'nothing')).toBe(false);
  });

  it('is judged in good time, however long it is', () => {
    const long = fc.tuple(fc.constantFrom('a', '0', '-', '.', '@', ' ', '"', ':'), fc.integer({ min: 1, max: 50_000 }));
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(TEXTS)), long, (format, [piece, times]) => {
        expect(typeof isOfFormat(format, piece.repeat(times))).toBe('boolean');
      }),
      { numRuns: 60 },
    );
  });
});

describe('which formats are held to', () => {
  it.each([
    ['string', 'date', true],
    [undefined, 'date', true],
    ['string', 'int32', false],
    ['integer', 'int32', true],
    ['integer', 'double', false],
    ['number', 'double', true],
    ['number', 'int64', false],
    ['boolean', 'date', false],
    ['object', 'uuid', false],
  ] as const)('of type %s, %s: %s', (type, format, isHeld) => {
    expect(isRecognizedFormat(type, format)).toBe(isHeld);
    expect(formatOf({ ...(type && { type }), format })).toBe(isHeld ? format : '');
  });

  it('of int-or-string are those of texts, whatever type is said beside it', () => {
    expect(formatOf({ type: 'integer', format: 'int32', 'x-kubernetes-int-or-string': true })).toBe('');
    expect(formatOf({ format: 'uuid', 'x-kubernetes-int-or-string': true })).toBe('uuid');
  });
});
