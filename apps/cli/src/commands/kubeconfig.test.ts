import { generateKeyPairSync } from 'node:crypto';
import { parseYaml } from '@binnacle/machinery-yaml';
import { describe, expect, it } from 'vitest';
import { formatKubeconfig } from '../pki/kubeconfig.js';
import { kubeconfigFor } from './kubeconfig.js';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pair = { certificate: 'certificate', key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
const admin = formatKubeconfig({ server: 'https://127.0.0.1:6443', authority: 'authority', user: 'admin', pair });

describe('a kubeconfig', () => {
  it('holds its key in the form that all clients read', () => {
    const data = /client-key-data: (\S+)/.exec(admin)?.[1] ?? '';
    expect(Buffer.from(data, 'base64').toString()).toMatch(/^-----BEGIN EC PRIVATE KEY-----\n/);
  });

  it('is that of the data directory unless another place is asked for', () => {
    expect(kubeconfigFor(admin, {})).toBe(admin);
    expect(kubeconfigFor(admin, { cluster: 'main' })).toBe(admin);
  });

  it.each([
    [{ at: '2026-11-29T10:00:00Z' }, 'main@2026-11-29T10:00:00Z'],
    [{ at: '42' }, 'main@42'],
    [{ cluster: 'lab-1' }, 'lab-1'],
    [{ cluster: 'lab-1', at: '42' }, 'lab-1@42'],
  ])('for %j has one context, named after the place', (place, name) => {
    const config = parseYaml(kubeconfigFor(admin, place)).value;
    expect(config).toMatchObject({
      'current-context': name,
      clusters: [{ name, cluster: { server: `https://127.0.0.1:6443/clusters/${name}` } }],
      contexts: [{ name, context: { cluster: name, user: 'admin' } }],
      users: [{ name: 'admin' }],
    });
  });

  it.each([
    { at: 'yesterday' },
    { at: '' },
    { at: '42/../x' },
    { cluster: 'a/b' },
    { cluster: 'main@1' },
    { cluster: '' },
  ])('for %j is refused', (place) => {
    expect(() => kubeconfigFor(admin, place)).toThrow(/neither a revision nor a time|no name of a cluster/);
  });
});
