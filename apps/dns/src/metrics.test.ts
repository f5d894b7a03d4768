import type { SharedForwarding } from '@binnacle/network-dns';
import { createMetrics } from '@binnacle/process-telemetry';
import { expect, test } from 'vitest';
import { dnsMetrics, reportForwarding, reportServers } from './metrics.js';

test('everything is told by the names that dashboards of coredns look for', async () => {
  const registry = createMetrics('kube-dns');
  const observer = dnsMetrics(registry);
  const cache = { hits: 3, misses: 2, size: 1 };
  reportForwarding(registry, { cache, bounds: { rejected: 4 } } as unknown as SharedForwarding);
  reportServers(registry, { listening: 5 });
  const client = { address: '127.0.0.1', transport: 'udp' } as const;
  for (const type of [1, 1, 28, 65_280]) observer.answered({ type }, client, type === 28 ? 'NXDOMAIN' : 'NOERROR', 80);
  const lines = async () => (await registry.metrics()).split('\n').filter((line) => /^(coredns|binnacle)/.test(line));
  const labels = 'server="dns://:53"';
  const expected = [
    `coredns_dns_requests_total{${labels},proto="udp",family="1",type="A",component="kube-dns"} 2`,
    `coredns_dns_requests_total{${labels},proto="udp",family="1",type="AAAA",component="kube-dns"} 1`,
    `coredns_dns_requests_total{${labels},proto="udp",family="1",type="other",component="kube-dns"} 1`,
    `coredns_dns_responses_total{${labels},rcode="NOERROR",component="kube-dns"} 3`,
    `coredns_dns_responses_total{${labels},rcode="NXDOMAIN",component="kube-dns"} 1`,
    `coredns_cache_hits_total{${labels},component="kube-dns"} 3`,
    `coredns_cache_misses_total{${labels},component="kube-dns"} 2`,
    `coredns_forward_max_concurrent_rejects_total{${labels},component="kube-dns"} 4`,
    `coredns_cache_entries{${labels},component="kube-dns"} 1`,
    'binnacle_dns_listening{component="kube-dns"} 5',
  ];
  expect((await lines()).sort()).toEqual(expected.sort());
  expect((await lines()).sort()).toEqual(expected.sort());
});
