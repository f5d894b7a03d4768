import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRequestInfo } from './request-info.js';

const parse = (method: string, url: string) => {
  const [path = '', query = ''] = url.split('?');
  return parseRequestInfo(method, path, new URLSearchParams(query));
};
const brief = (method: string, url: string) => {
  const { verb, resource, cluster } = parse(method, url);
  if (!resource) return `${cluster} ${verb}`;
  const { group, version, resource: plural, subresource, namespace, name } = resource;
  return [cluster, verb, `${group}/${version}`, namespace, plural, name, subresource].join(' ');
};

describe('a request line says what it is about', () => {
  test.each([
    ['GET', '/api/v1/pods', 'main list /v1  pods  '],
    ['GET', '/api/v1/namespaces/a/pods', 'main list /v1 a pods  '],
    ['GET', '/api/v1/namespaces/a/pods?watch=true', 'main watch /v1 a pods  '],
    ['GET', '/api/v1/namespaces/a/pods?watch=false', 'main list /v1 a pods  '],
    ['GET', '/api/v1/watch/namespaces/a/pods', 'main watch /v1 a pods  '],
    ['GET', '/api/v1/namespaces/a/pods/p', 'main get /v1 a pods p '],
    ['GET', '/api/v1/namespaces/a/pods/p/log?follow=true', 'main get /v1 a pods p log'],
    ['POST', '/apis/apps/v1/namespaces/a/deployments', 'main create apps/v1 a deployments  '],
    ['PUT', '/apis/apps/v1/namespaces/a/deployments/d/scale', 'main update apps/v1 a deployments d scale'],
    ['PATCH', '/api/v1/nodes/n', 'main patch /v1  nodes n '],
    ['DELETE', '/api/v1/namespaces/a/pods/p', 'main delete /v1 a pods p '],
    ['DELETE', '/api/v1/namespaces/a/pods', 'main deletecollection /v1 a pods  '],
    ['GET', '/api/v1/namespaces/a', 'main get /v1 a namespaces a '],
    ['PUT', '/api/v1/namespaces/a/finalize', 'main update /v1 a namespaces a finalize'],
    ['GET', '/clusters/lab/api/v1/pods', 'lab list /v1  pods  '],
    ['GET', '/clusters/lab', 'lab get'],
    ['GET', '/clusters/lab@42/api/v1/pods', 'lab@42 list /v1  pods  '],
    ['GET', '/clusters/main@2026-11-29T10:00:00Z/api', 'main@2026-11-29T10:00:00Z get'],
    ['GET', '/clusters/main@2026-11-29T10%3A00%3A00%2B01%3A00/api', 'main@2026-11-29T10:00:00+01:00 get'],
    ['GET', '/clusters/main%407/version', 'main@7 get'],
    ['GET', '/apis/apps/v1', 'main get'],
    ['GET', '/healthz', 'main get'],
  ])('%s %s', (method, url, expected) => {
    expect(brief(method, url)).toBe(expected);
  });

  test('a list of one name is about that name', () => {
    const info = parse('GET', '/api/v1/namespaces/a/secrets?fieldSelector=metadata.name%3Ds&watch=1');
    expect([info.verb, info.resource?.name]).toEqual(['watch', 's']);
    // As upstream, only the old paths know no names but those in them.
    const old = parse('GET', '/api/v1/watch/namespaces/a/secrets?fieldSelector=metadata.name%3Ds');
    expect([old.verb, old.resource?.name]).toEqual(['watch', '']);
  });

  test.each(['main@', 'main@now', 'main@-1', 'main@2026-11-29', 'main@1@2', '@', 'main@%00'])(
    'there is no cluster %s',
    (name) => {
      expect(() => parse('GET', `/clusters/${name}/api/v1/pods`)).toThrow(/neither a revision nor a time/);
    },
  );

  test('whatever stands for a cluster is read or refused', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const path = `/clusters/${encodeURIComponent(name)}/api/v1/pods`;
        try {
          const { cluster, verb } = parse('GET', path);
          if (name) expect([cluster, verb]).toEqual([name, 'list']);
        } catch (error) {
          expect(name).toContain('@');
          expect(error).toMatchObject({ code: 'invalid' });
        }
      }),
    );
  });

  test('names are decoded', () => {
    expect(parse('GET', '/api/v1/namespaces/a/services/https%3Aweb%3A443/proxy/x/y').resource).toMatchObject({
      name: 'https:web:443',
      subresource: 'proxy',
      rest: 'x/y',
    });
  });
});
