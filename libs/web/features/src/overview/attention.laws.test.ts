import type { UnstructuredObject } from '@binnacle/web-data';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attention, type Trouble, type TroubleGroup } from './attention.js';

const NODES = ['n1', 'n2', 'n3'];
const status = (tone: 'error' | 'warn', label: string) => ({ tone, label });
const make = (kind: string, name: string, fields: Partial<UnstructuredObject> = {}): UnstructuredObject => ({
  apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
  kind,
  ...fields,
  metadata: { name, namespace: kind === 'Node' ? '' : 'default', uid: `${kind}/${name}`, ...fields.metadata },
});

const tone = fc.constantFrom('error' as const, 'warn' as const);
const node = fc.record({ name: fc.constantFrom(...NODES), ready: fc.constantFrom('True', 'Unknown'), tone }).map(
  ({ name, ready, tone: of }): Trouble => ({
    id: 'nodes',
    object: make('Node', name, { status: { conditions: [{ type: 'Ready', status: ready }] } }),
    status: status(of, ready === 'True' ? 'Ready' : 'NotReady'),
  }),
);
const pod = fc
  .record({
    owner: fc.option(fc.constantFrom('web', 'db')),
    on: fc.constantFrom('', ...NODES),
    phase: fc.constantFrom('Running', 'Failed'),
    label: fc.constantFrom('CrashLoopBackOff', 'Pending', 'Running'),
    suffix: fc.nat(30),
    tone,
  })
  .map(({ owner, on, phase, label, suffix, tone: of }): Trouble => {
    const name = `${owner ?? 'bare'}-abc-${suffix}`;
    const ownerReferences = [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${owner}-abc`, uid: 'r', controller: true },
    ];
    const metadata = owner ? { name, labels: { 'pod-template-hash': 'abc' }, ownerReferences } : { name };
    const object = make('Pod', name, { spec: { nodeName: on }, status: { phase } });
    return {
      id: 'pods',
      object: { ...object, metadata: { ...object.metadata, ...metadata } },
      status: status(of, label),
    };
  });
const workload = fc.record({ name: fc.constantFrom('web', 'db', 'other'), tone }).map(
  ({ name, tone: of }): Trouble => ({
    id: 'deployments.apps',
    object: make('Deployment', name),
    status: status(of, 'MinimumReplicasUnavailable'),
  }),
);
const key = ({ object }: Trouble) => `${object.kind}/${object.metadata.name}`;
const troubles = fc.uniqueArray(fc.oneof(node, pod, workload), { selector: key, maxLength: 12 });

const subjects = (groups: readonly TroubleGroup[]) => groups.map(({ subject }) => `${subject.kind}/${subject.name}`);
const members = (groups: readonly TroubleGroup[]) => groups.flatMap((group) => group.members.map(key));

test('no trouble is left out: it is a cause, stands behind one, or is told by the line of its own workload', () => {
  fc.assert(
    fc.property(troubles, (all) => {
      const groups = attention(all);
      const told = new Set([...subjects(groups), ...members(groups)]);
      for (const trouble of all) expect(told.has(key(trouble)), key(trouble)).toBe(true);
    }),
  );
});

test('nothing stands behind two causes', () => {
  fc.assert(
    fc.property(troubles, (all) => {
      const behind = members(attention(all));
      expect(new Set(behind).size).toBe(behind.length);
    }),
  );
});

test('the worst stand first, and no line is better than what stands behind it', () => {
  const rank = { error: 0, warn: 1, progress: 2, ok: 2, idle: 2 };
  fc.assert(
    fc.property(troubles, (all) => {
      const groups = attention(all);
      const ranks = groups.map((group) => rank[group.status.tone]);
      expect([...ranks].sort((a, b) => a - b)).toEqual(ranks);
      for (const group of groups) {
        for (const member of group.members)
          expect(rank[group.status.tone]).toBeLessThanOrEqual(rank[member.status.tone]);
      }
    }),
  );
});

test('what is told does not depend on the order it was heard in', () => {
  fc.assert(
    fc.property(troubles, (all) => {
      const told = (given: readonly Trouble[]) =>
        attention(given).map(({ key: of, members: behind }) => [of, behind.map(key).sort()]);
      expect(told([...all].reverse())).toEqual(told(all));
    }),
  );
});
