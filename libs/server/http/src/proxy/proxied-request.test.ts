import { describe, expect, test } from 'vitest';
import type { ApiRequest } from '../request/api-request.js';
import { parseRequestInfo } from '../request/request-info.js';
import { proxiedRequest, splitProxyPath } from './proxied-request.js';

function asked(url: string, headers: Record<string, string> = {}, method = 'GET'): ApiRequest {
  const [path = '', text = ''] = url.split('?');
  const query = new URLSearchParams(text);
  const info = parseRequestInfo(method, path, query);
  const peer = { address: '192.0.2.1', certificate: undefined };
  return { info, query, method, headers: { host: 'api:6443', ...headers }, peer } as unknown as ApiRequest;
}

describe('a proxied path', () => {
  test.each([
    ['/api/v1/namespaces/a/pods/p/proxy', '/api/v1/namespaces/a/pods/p/proxy', ''],
    ['/api/v1/namespaces/a/pods/p:80/proxy/', '/api/v1/namespaces/a/pods/p:80/proxy', '/'],
    ['/api/v1/namespaces/a/pods/p/proxy/x//y%20z/', '/api/v1/namespaces/a/pods/p/proxy', '/x//y%20z/'],
    [
      '/api/v1/namespaces/proxy/services/proxy/proxy/proxy/x',
      '/api/v1/namespaces/proxy/services/proxy/proxy',
      '/proxy/x',
    ],
    ['/api/v1/nodes/proxy/proxy/pods', '/api/v1/nodes/proxy/proxy', '/pods'],
    ['/clusters/lab/api/v1/nodes/n/proxy/pods', '/clusters/lab/api/v1/nodes/n/proxy', '/pods'],
  ])('%s', (url, before, behind) => {
    expect(splitProxyPath(asked(url))).toEqual({ before, behind });
  });
});

describe('a proxied request', () => {
  const url = '/api/v1/namespaces/a/pods/p/proxy/x?a=1&a=2';

  test('goes on with its query and headers, and says where it came from', () => {
    const { path, method, headers } = proxiedRequest(
      asked(url, { accept: 'text/html', 'x-forwarded-for': '198.51.100.1' }),
    );
    expect([method, path]).toEqual(['GET', '/x?a=1&a=2']);
    expect(headers).toEqual({
      accept: 'text/html',
      host: 'api:6443',
      'x-forwarded-host': 'api:6443',
      'x-forwarded-proto': 'https',
      'x-forwarded-for': '198.51.100.1, 192.0.2.1',
      'x-forwarded-uri': '/api/v1/namespaces/a/pods/p/proxy/x',
    });
  });

  test('has a path even where the query follows the proxy at once', () => {
    const bare = asked('/api/v1/namespaces/a/pods/p/proxy?method=PUT', {}, 'PUT');
    expect(proxiedRequest(bare).path).toBe('/?method=PUT');
  });

  test.each([
    'authorization',
    'cookie',
    'impersonate-user',
    'x-remote-user',
    'x-binnacle-csrf',
    'connection',
    'upgrade',
  ])('takes no %s along', (name) => {
    expect(Object.keys(proxiedRequest(asked(url, { [name]: 'secret' })).headers)).not.toContain(name);
  });

  test('takes its body along, with its length', () => {
    const { body, headers } = proxiedRequest({ ...asked(url, {}, 'POST'), body: Buffer.from('abc') });
    expect([body?.toString(), headers['content-length']]).toEqual(['abc', '3']);
  });
});
