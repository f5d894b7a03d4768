import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { beforeEach, expect, it } from 'vitest';
import { selectionOf } from './selection.js';
import { type RegistryBench, registryBench } from './testing/registry-bench.js';

const NEW = 'events.k8s.io';
const about = { kind: 'Pod', namespace: 'default', name: 'web' };
const old = (name: string): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name },
  involvedObject: about,
  reason: 'Old',
  type: 'Warning',
  source: { component: 'kubelet' },
});
const young = (name: string): UnstructuredObject => ({
  apiVersion: 'events.k8s.io/v1',
  kind: 'Event',
  metadata: { name },
  regarding: about,
  reason: 'New',
  type: 'Normal',
  action: 'Start',
  eventTime: '2026-01-01T00:00:00.000000Z',
  reportingController: 'example.com/controller',
  reportingInstance: 'controller-1',
});

let bench: RegistryBench;
beforeEach(async () => {
  bench = await registryBench();
  await bench.store('events').create(bench.ctx, { namespace: 'default' }, old('old'));
  await bench.store('events', NEW).create(bench.ctx, { namespace: 'default' }, young('new'));
});

async function found(group: string, fieldSelector: string): Promise<string[]> {
  const events = bench.store('events', group);
  const selection = selectionOf(events.definition, { namespace: 'default', fieldSelector });
  const { items } = await events.list(bench.ctx, selection, { revision: { at: 'latest' } });
  return items.map(({ key }) => key.name).sort();
}

it.each([
  ['', 'involvedObject.name=web', ['new', 'old']],
  ['', 'reason=New', ['new']],
  ['', 'reportingComponent=example.com/controller', ['new']],
  ['', 'source=kubelet', ['old']],
  ['', 'involvedObject.kind=Node', []],
  [NEW, 'regarding.name=web', ['new', 'old']],
  [NEW, 'reason=Old', ['old']],
  [NEW, 'type!=Normal', ['old']],
  [NEW, 'reportingController=example.com/controller', ['new']],
  [NEW, 'regarding.uid=x', []],
])('in "%s", %s finds the events of both groups', async (group, selector, names) => {
  expect(await found(group, selector)).toEqual(names);
});

it.each([
  ['', 'regarding.name=web'],
  [NEW, 'involvedObject.name=web'],
  [NEW, 'source=kubelet'],
])('"%s" knows nothing of %s', async (group, selector) => {
  await expect(found(group, selector)).rejects.toThrow('field label not supported');
});
