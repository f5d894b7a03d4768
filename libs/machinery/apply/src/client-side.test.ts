import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { describe, expect, test } from 'vitest';
import { applyConfiguration, type Owned, trackUpdate } from './index.js';
import { list, NUMBER, STRING, struct } from './testing/types.js';

const env = struct({ name: STRING, value: STRING });
const container = struct({ name: STRING, image: STRING, policy: STRING, env: list('map', env, 'name') });
const map = { kind: 'map', of: STRING, atomic: false } as const;
const type = struct({
  apiVersion: STRING,
  kind: STRING,
  metadata: struct({ name: STRING, labels: map, annotations: map }),
  spec: struct({ replicas: NUMBER, containers: list('map', container, 'name') }),
});
const NOTE = 'kubectl.kubernetes.io/last-applied-configuration';

const object = (spec: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', ...metadata }, spec }) as UnstructuredObject;
const said = object({ replicas: 1, containers: [{ name: 'c', image: 'x' }] }, { labels: { app: 'a' } });
const write = { type, manager: 'kubectl', apiVersion: 'v1', now: '2024-01-01T00:00:00Z' };
const noted = (note: string) => object(said.spec as object, { labels: { app: 'a' }, annotations: { [NOTE]: note } });
const owned = (made: UnstructuredObject): Owned => ({
  object: made,
  owners: trackUpdate({ object: object({}, {}), owners: '' }, made, { ...write, manager: 'kubectl-client-side-apply' }),
});
const live = owned(noted(JSON.stringify(said)));
const more = object({ replicas: 2, containers: [{ name: 'c', image: 'x' }] });

describe('an object that client-side apply made', () => {
  test('may be changed by kubectl where it is as client-side apply said', () => {
    expect(applyConfiguration(live, more, write).object.spec).toMatchObject({ replicas: 2 });
  });

  test('may not be changed by anybody else, nor where it is otherwise', () => {
    const conflict = 'conflict with "kubectl-client-side-apply" using v1: .spec.replicas';
    expect(() => applyConfiguration(live, more, { ...write, manager: 'bob' })).toThrow(conflict);
    const scaled = object({ ...(said.spec as object), replicas: 7 }, live.object.metadata);
    const by = { ...write, manager: 'scaler' };
    expect(() => applyConfiguration({ object: scaled, owners: trackUpdate(live, scaled, by) }, more, write)).toThrow(
      'conflict with "scaler" using v1: .spec.replicas',
    );
  });

  test('gets its note renewed, so that client-side apply can go on from it', () => {
    const config = object({ replicas: 2 }, { annotations: { mine: 'y' } });
    const note = applyConfiguration(live, config, write).object.metadata.annotations?.[NOTE] ?? '';
    expect(note).toBe(
      '{"apiVersion":"v1","kind":"Thing","metadata":{"annotations":{"mine":"y"},"name":"a"},"spec":{"replicas":2}}\n',
    );
    const bare = { object: object({}, { uid: 'u' }), owners: '' };
    expect(applyConfiguration(bare, config, write).object.metadata.annotations).toEqual({ mine: 'y' });
  });

  test.each(['no JSON', '[]', '{"apiVersion":"v2"}', '{"apiVersion":"v1","spec":{"foo":1}}'])(
    'with the note %s is like any other',
    (note) => {
      expect(() => applyConfiguration(owned(noted(note)), more, write)).toThrow(
        'conflict with "kubectl-client-side-apply"',
      );
    },
  );
});
