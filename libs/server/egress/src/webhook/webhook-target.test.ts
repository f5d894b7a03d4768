import { describe, expect, test } from 'vitest';
import { webhookTarget } from './webhook-target.js';

describe('a kubeconfig', () => {
  const config = (cluster: object, user: object = {}) => ({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'k', user: 'u' } }],
    clusters: [{ name: 'k', cluster: { server: 'https://audit.example/x', ...cluster } }],
    users: [{ name: 'u', user }],
  });
  const read = (value: unknown, files: Record<string, string> = {}) =>
    webhookTarget(value, '/etc/audit/kubeconfig', (path) => files[path] ?? path);

  test('says where and as whom', () => {
    const data = Buffer.from('PEM').toString('base64');
    const { url, tls, headers } = read(
      config({ 'certificate-authority-data': data, 'tls-server-name': 's' }, { token: 't' }),
    );
    expect([url, tls, headers()]).toEqual([
      'https://audit.example/x',
      { ca: 'PEM', servername: 's' },
      { authorization: 'Bearer t' },
    ]);
  });

  test('names files beside it, and tokens that are read anew', () => {
    const files: Record<string, string> = { '/etc/audit/ca.crt': 'CA', '/etc/audit/token': 'one\n' };
    const { tls, headers } = read(config({ 'certificate-authority': 'ca.crt' }, { tokenFile: 'token' }), files);
    expect([tls.ca, headers().authorization]).toEqual(['CA', 'Bearer one']);
    files['/etc/audit/token'] = 'two';
    expect(headers().authorization).toBe('Bearer two');
  });

  test.each([
    [config({ server: 'http://x' }), 'must be an https URL'],
    [{ ...config({}), 'current-context': 'other' }, 'no context "other"'],
    [null, 'no context ""'],
  ])('%j is refused', (value, text) => {
    expect(() => read(value)).toThrow(text);
  });
});
