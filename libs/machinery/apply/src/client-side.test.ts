import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { describe, expect, test } from 'vitest';
import { type ApplyType, applyConfiguration, ATOMIC } from './index.js';

const struct = (fields: Record<string, ApplyType>): ApplyType => ({ kind: 'struct', field: (name) => fields[name] });
const map: ApplyType = { kind: 'map', of: ATOMIC };
const env: ApplyType = { kind: 'list', keys: ['name'], of: struct({ name: ATOMIC, value: ATOMIC }) };
const container = struct({ name: ATOMIC, image: ATOMIC, policy: ATOMIC, env });
const type = struct({
  metadata: struct({ labels: map, annotations: map }),
  spec: struct({ replicas: ATOMIC, paused: ATOMIC, containers: { kind: 'list', keys: ['name'], of: container } }),
});
const NOTE = 'kubectl.kubernetes.io/last-applied-configuration';

const object = (spec: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', ...metadata }, spec }) as UnstructuredObject;
const said = object({ replicas: 1, containers: [{ name: 'c', image: 'x' }] }, { labels: { app: 'a' } });
/** As client-side apply leaves it, after others labelled it and set a variable. */
const live = object(
  {
    replicas: 1,
    paused: false,
    containers: [{ name: 'c', image: 'x', policy: 'Always', env: [{ name: 'A', value: '1' }] }],
  },
  { uid: 'u', labels: { app: 'a', team: 'b' }, annotations: { [NOTE]: JSON.stringify(said), other: 'x' } },
);
const write = { type, manager: 'kubectl', apiVersion: 'v1', now: '2024-01-01T00:00:00Z' };
const owned = (of: UnstructuredObject, name: string) =>
  of.metadata.managedFields?.find(({ manager }) => manager === name)?.fieldsV1;

describe('an object that client-side apply made', () => {
  test('is owned by it as far as it said, and with what the server filled in beside that', () => {
    expect(owned(applyConfiguration(live, said, write), 'kubectl-client-side-apply')).toEqual({
      'f:metadata': { 'f:annotations': { [`f:${NOTE}`]: {} }, 'f:labels': { 'f:app': {} } },
      'f:spec': {
        'f:replicas': {},
        'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {}, 'f:policy': {} } },
      },
    });
  });

  test('keeps what others said when kubectl takes over and applies again', () => {
    const applied = applyConfiguration(live, said, write);
    const entries = (applied.metadata.managedFields ?? [])
      .filter(({ manager }) => manager !== 'kubectl')
      .map((entry) =>
        entry.manager === 'kubectl-client-side-apply'
          ? { ...entry, manager: 'kubectl', operation: 'Apply' as const }
          : entry,
      );
    const taken = { ...applied, metadata: { ...applied.metadata, managedFields: entries } };
    const next = applyConfiguration(taken, object({ containers: [{ name: 'c', image: 'x' }] }), write);
    expect(next.metadata).toMatchObject({ labels: { team: 'b' }, annotations: { other: 'x' } });
    expect(next.metadata.labels).not.toHaveProperty('app');
    // The policy goes too: the server fills it in again.
    expect(next.spec).toEqual({
      paused: false,
      containers: [{ name: 'c', image: 'x', env: [{ name: 'A', value: '1' }] }],
    });
  });

  test('may be changed by kubectl, but by nobody else, where it is as client-side apply said', () => {
    const more = object({ replicas: 2, containers: [{ name: 'c', image: 'x' }] });
    expect(applyConfiguration(live, more, write).spec).toMatchObject({ replicas: 2 });
    const scaled = { ...live, spec: { ...(live.spec as object), replicas: 7 } };
    expect(() => applyConfiguration(scaled, more, write)).toThrow('conflict with "before-first-apply" using v1');
    expect(() => applyConfiguration(live, more, { ...write, manager: 'bob' })).toThrow(
      'conflict with "kubectl-client-side-apply" using v1: .spec.replicas',
    );
  });

  test('gets its note renewed, so that client-side apply can go on from it', () => {
    const config = object({ replicas: 2 }, { annotations: { mine: 'y' } });
    const note = applyConfiguration(live, config, write).metadata.annotations?.[NOTE] ?? '';
    expect(JSON.parse(note)).toEqual(config);
    expect(applyConfiguration(object({}, { uid: 'u' }), config, write).metadata.annotations).toEqual({ mine: 'y' });
  });

  test.each(['no JSON', '[]', '{"apiVersion":"v2"}'])('with the note %s is like any other', (note) => {
    const odd = object({ replicas: 1 }, { uid: 'u', annotations: { [NOTE]: note } });
    expect(() => applyConfiguration(odd, object({ replicas: 2 }), write)).toThrow('conflict with "before-first-apply"');
  });
});
