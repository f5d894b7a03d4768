import { expect, test } from 'vitest';
import { subresourcesOf } from './kubelet-endpoint.js';

/** As the table of upstream's pkg/kubelet/server auth tests. */
test.each<[path: string, ...subresources: string[]]>([
  ['/stats', 'stats'],
  ['/stats/summary', 'stats'],
  ['/statsx', 'proxy'],
  ['/metrics', 'metrics'],
  ['/metrics/cadvisor', 'metrics'],
  ['/logs/x', 'log'],
  ['/pods', 'pods', 'proxy'],
  ['/runningpods/', 'pods', 'proxy'],
  ['/healthz', 'healthz', 'proxy'],
  ['/configz', 'configz', 'proxy'],
  ['/containerLogs/ns/p/c', 'proxy'],
  ['/exec/ns/p/c', 'proxy'],
  ['/run/ns/p/c', 'proxy'],
  ['/debug/pprof/profile', 'proxy'],
  ['/', 'proxy'],
])('%s is nodes/%s', (path, ...subresources) => {
  expect(subresourcesOf(path)).toEqual(subresources);
});
