import type { ControllerRevision } from '@binnacle/apis-kubernetes/apps/v1';
import type { Pod, Taint } from '@binnacle/apis-kubernetes/core/v1';
import { daemonSet, node, pod } from '@binnacle/testing-fixtures';
import { describe, expect, test } from 'vitest';
import { currentHash, daemonPlaces, obstacleTaint } from './daemons.js';

const set = daemonSet();
const nodeOf = (name: string, taints: Taint[] = []) => node({ metadata: { name }, spec: { taints } });
const podOn = (name: string, hash: string, more: object = {}): Pod =>
  pod({
    metadata: { name: `${name}-${hash}`, labels: { 'controller-revision-hash': hash }, ...more },
    spec: { nodeName: name },
  });

describe('the nodes of a DaemonSet', () => {
  const taint = { key: 'gpu', value: 'yes', effect: 'NoSchedule' };
  const places = (pods: Pod[], hash: string | undefined = 'new') =>
    daemonPlaces(
      set,
      [nodeOf('worker-10'), nodeOf('worker-2'), nodeOf('gpu-1', [taint]), nodeOf('worker-1')],
      pods,
      hash,
    );

  test('stand with those first that lack a Pod, and those last that should have none', () => {
    const found = places([podOn('worker-10', 'new'), podOn('worker-2', 'old')]);
    expect(found.map(({ node: name, pod: there, updated }) => [name, there !== undefined, updated])).toEqual([
      ['worker-1', false, undefined],
      ['worker-2', true, false],
      ['worker-10', true, true],
      ['gpu-1', false, undefined],
    ]);
    expect(found.map(({ obstacle }) => obstacle && obstacleTaint(obstacle))).toEqual([
      undefined,
      undefined,
      undefined,
      '{gpu: yes} NoSchedule',
    ]);
  });

  test('have the Pod that comes while another goes', () => {
    const going = podOn('worker-1', 'old', { deletionTimestamp: '2026-01-01T00:00:00Z' });
    const coming = podOn('worker-1', 'new');
    for (const pods of [
      [going, coming],
      [coming, going],
    ]) {
      expect(places(pods).find(({ node: name }) => name === 'worker-1')?.pod).toBe(coming);
    }
  });

  test('do not say whether a Pod is new before that is known', () => {
    const found = daemonPlaces(set, [nodeOf('a')], [podOn('a', 'new')], undefined);
    expect(found[0]?.updated).toBeUndefined();
  });
});

test('the template it has now is that of its newest revision', () => {
  const revision = (number: number, hash: string, uid = set.metadata.uid ?? ''): ControllerRevision => ({
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      labels: { 'controller-revision-hash': hash },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'x', uid }],
    },
    revision: number,
  });
  expect(currentHash(set, [revision(9, 'b'), revision(10, 'c'), revision(2, 'a'), revision(11, 'z', 'other')])).toBe(
    'c',
  );
  expect(currentHash(set, [])).toBeUndefined();
});
