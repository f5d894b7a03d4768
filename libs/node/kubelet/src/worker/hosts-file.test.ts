import type { PodSpec } from '@binnacle/apis-kubernetes/core/v1';
import { expect, test } from 'vitest';
import { nodeHosts } from '../volumes/node-hosts.js';
import { hostsFile } from './hosts-file.js';

const node = nodeHosts('n1', '127.0.0.9');
const file = (spec: Partial<PodSpec>) =>
  hostsFile(
    { metadata: { name: 'web', namespace: 'shop' }, spec: { containers: [], ...spec } } as never,
    '10.0.0.1',
    node,
  );

test.each<[string, Partial<PodSpec>, string[]]>([
  ['a Pod', {}, ['# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n', '\n10.0.0.1\tweb\n']],
  ['a Pod of a Service', { hostname: 'a', subdomain: 'b' }, ['10.0.0.1\ta.b.shop.svc.cluster.local\ta\n']],
  [
    'a Pod with aliases',
    { hostAliases: [{ ip: '1.2.3.4', hostnames: ['x', 'y'] }] },
    ['\n# Entries added by HostAliases.\n1.2.3.4\tx\ty\n'],
  ],
  [
    "a Pod on its node's network",
    { hostNetwork: true },
    ['# Kubernetes-managed hosts file (host network).\n127.0.0.1\tlocalhost\n', '\n127.0.0.9\tn1\n'],
  ],
])('%s', (_, spec, parts) => {
  for (const part of parts) expect(file(spec)).toContain(part);
});
