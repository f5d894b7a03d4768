import { parseYaml } from '@binnacle/machinery-yaml';
import { describe, expect, it } from 'vitest';
import { formatKubeconfig } from '../pki/kubeconfig.js';
import { kubeconfigFor } from './kubeconfig.js';

const pair = { certificate: 'certificate', key: 'key' };
const admin = formatKubeconfig({ server: 'https://127.0.0.1:6443', authority: 'authority', user: 'admin', pair });

describe('a kubeconfig', () => {
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
