import type { KubeClient, ResourceRef } from '@binnacle/client-rest';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { expect, test } from 'vitest';
import { ContentDeleter } from './content-deleter.js';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
const verbs = ['list', 'delete', 'deletecollection'];
const served = ['secrets', 'pods', 'configmaps'].map((name) => ({ name, kind: 'K', namespaced: true, verbs }));

/** A client of a namespace with these objects; Pods stay until the test lets them go. */
function clientOf(left: Record<string, number>, deleted: string[]): KubeClient {
  const items = ({ plural }: ResourceRef) =>
    Array.from({ length: left[plural] ?? 0 }, (_, index) => ({ metadata: { name: `${plural}-${index}` } }));
  const client = {
    raw: async (_: unknown, __: string, path: string) => ({
      status: 200,
      body: JSON.stringify(path === '/apis' ? { groups: [] } : { resources: served }),
    }),
    metadata: (ref: ResourceRef) => ({ list: async () => ({ items: items(ref) }) }),
    resource: ({ plural }: ResourceRef) => ({
      deleteCollection: async () => {
        deleted.push(plural);
        if (plural !== 'pods') left[plural] = 0;
      },
    }),
  };
  return client as unknown as KubeClient;
}

test('while Pods are left in a namespace that goes, nothing they may still need is deleted', async () => {
  const deleted: string[] = [];
  const left: Record<string, number> = { secrets: 1, pods: 2, configmaps: 0 };
  const deleter = new ContentDeleter(clientOf(left, deleted));
  const report = await deleter.deleteContent(ctx, 'going');
  expect(deleted).toEqual(['pods']);
  expect(report.remaining.map(({ resource, objects }) => `${resource} ${objects.length}`)).toEqual(['pods. 2']);
  left.pods = 0;
  expect(await deleter.deleteContent(ctx, 'going')).toEqual({ remaining: [], deletionErrors: [] });
  expect(deleted).toEqual(['pods', 'secrets']);
});
