import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigMap, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DirectoryVolumes } from './directory-volumes.js';

const ctx = { signal: new AbortController().signal, clock: new FakeClock(), logger: silentLogger };
const pod: Pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'p', namespace: 'ns', uid: 'u' },
  spec: {
    volumes: [
      { name: 'settings', configMap: { name: 'settings' } },
      { name: 'scratch', emptyDir: {} },
    ],
    containers: [{ name: 'c', volumeMounts: [{ name: 'settings', mountPath: '/settings' }] }],
  },
};
let root = '';
let settings: ConfigMap | undefined;
let volumes: DirectoryVolumes;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'binnacle-volumes-'));
  volumes = new DirectoryVolumes({
    root,
    sources: { configMap: async () => settings, secret: async () => undefined, services: () => [] },
    place: { hostIp: '127.0.0.1', nodeName: 'n', allocatable: {} },
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const configMap = (data: Record<string, string>): ConfigMap => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data,
});
const directory = () => volumes.mounts(pod, 'c')[0]?.hostPath ?? '';

test('a volume follows its ConfigMap: what changed, what is new and what is gone', async () => {
  settings = configMap({ a: 'one', b: 'two' });
  await volumes.prepare(ctx, pod);
  expect((await readdir(directory())).sort()).toEqual(['a', 'b']);
  settings = configMap({ a: 'changed', c: 'new' });
  await volumes.refresh(ctx, pod);
  expect((await readdir(directory())).sort()).toEqual(['a', 'c']);
  expect(await readFile(join(directory(), 'a'), 'utf8')).toBe('changed');
});

test('a volume whose ConfigMap is gone stays as it was', async () => {
  settings = configMap({ a: 'one' });
  await volumes.prepare(ctx, pod);
  settings = undefined;
  await expect(volumes.refresh(ctx, pod)).rejects.toThrow('configmap "settings" not found');
  expect(await readFile(join(directory(), 'a'), 'utf8')).toBe('one');
});
