import type { ClusterRole } from '@binnacle/apis-kubernetes/rbac/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { LoopBench, type Objects } from '@binnacle/testing-loops';
import { beforeEach, expect, test } from 'vitest';
import { clusterRoleAggregationController } from './cluster-role-aggregation.controller.js';

let bench: LoopBench;
let roles: Objects<ClusterRole>;
beforeEach(async () => {
  bench = await LoopBench.start((_, deps) => [clusterRoleAggregationController(deps)]);
  roles = bench.objects(refs.clusterroles);
});

const make = (name: string, more: object) =>
  roles.create({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels: { part: 'yes' } },
    ...more,
  } as ClusterRole);
const reads = (resource: string) => ({ rules: [{ apiGroups: [''], resources: [resource], verbs: ['get'] }] });
const resources = async () => ((await roles.get('sum')).rules ?? []).flatMap((rule) => rule.resources ?? []);

test('a role follows those it is made of, as they come, change and go', async () => {
  await make('one', reads('pods'));
  await make('sum', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] } });
  await bench.drain();
  expect(await resources()).toEqual(['pods']);
  await make('two', reads('nodes'));
  await roles.change('one', reads('secrets'));
  await bench.drain();
  expect(await resources()).toEqual(['secrets', 'nodes']);
  await roles.delete('one');
  await bench.restart();
  await bench.drain();
  expect(await resources()).toEqual(['nodes']);
});

test('what was written into it by hand does not stay', async () => {
  await make('sum', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: 'yes' } }] } });
  await roles.change('sum', reads('secrets'));
  await bench.drain();
  expect(await resources()).toEqual([]);
});
