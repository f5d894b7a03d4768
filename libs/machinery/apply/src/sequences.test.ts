import { readFileSync } from 'node:fs';
import type { ManagedFieldsEntry, StatusError, UnstructuredObject } from '@binnacle/machinery-meta';
import { isJsonObject } from '@binnacle/machinery-patch';
import { expect, test } from 'vitest';
import { applyConfiguration, checkConfiguration, DEDUCED, ATOMIC, type Owned, trackUpdate, UNTYPED } from './index.js';
import { list, NUMBER, STRING, struct, TEXTS } from './testing/types.js';

interface Step {
  readonly op: 'update' | 'apply';
  readonly manager: string;
  readonly force?: boolean;
  readonly value: { readonly spec: object };
  readonly becomes?: object;
  readonly managers?: Readonly<Record<string, object>>;
  readonly conflicts?: readonly string[];
  readonly error?: string;
}

/** Writes one after another of random objects, and what sigs.k8s.io/structured-merge-diff v6.3.3 made of them. */
const sequences = readFileSync(new URL('fixtures/sequences.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as readonly Step[]);

const members = { a: NUMBER, b: NUMBER };
const part = struct({ ...members, sub: struct({ ...members, sub: struct({ ...members, sub: DEDUCED }) }) });
const port = struct({ port: NUMBER, protocol: { type: STRING, default: 'TCP' }, name: STRING });
const ports = list('map', port, 'port', 'protocol');
const tags = list('set', STRING);
const spec = struct({
  num: NUMBER,
  str: STRING,
  flag: { kind: 'scalar', of: 'boolean' },
  qty: UNTYPED,
  part,
  whole: { ...part, atomic: true },
  labels: { kind: 'map', of: STRING, atomic: false },
  sealed: { kind: 'map', of: STRING, atomic: true },
  tags,
  sizes: list('set', NUMBER),
  args: TEXTS,
  items: list('map', struct({ name: STRING, v: NUMBER, w: NUMBER, tags, ports }), 'name'),
  ports,
  free: DEDUCED,
  blob: ATOMIC,
});
const type = struct({ metadata: struct({}), spec: { type: spec, zero: {} } });

/** What bringing an object into shape does. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const held = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(held.map(([name, member]) => [name, withoutNulls(member)]));
}

const object = ({ spec }: { readonly spec?: unknown }, metadata: object) =>
  ({ metadata, spec: withoutNulls(spec ?? {}) }) as unknown as UnstructuredObject;

function managersOf({ owners }: Owned): Record<string, unknown> {
  const entries = owners === '' ? [] : (JSON.parse(owners) as ManagedFieldsEntry[]);
  return Object.fromEntries(entries.map(({ manager = '', fieldsV1 }) => [manager, fieldsV1]));
}

function write({ op, manager, force = false, value }: Step, live: Owned): Owned {
  const by = { type, manager, apiVersion: 'v1', force };
  const { metadata } = live.object;
  if (op === 'update') {
    const next = object(value, metadata);
    return { object: next, owners: trackUpdate(live, next, by) };
  }
  const config = { metadata: {}, ...value } as unknown as UnstructuredObject;
  checkConfiguration(config, by);
  const applied = applyConfiguration(live, config, by);
  return { ...applied, object: object(applied.object as { readonly spec?: unknown }, metadata) };
}

function causesOf(error: unknown): string[] {
  const { causes = [] } = (error as StatusError).details ?? {};
  return causes.map(({ message, field }) => `${/"(\w+)"/.exec(message ?? '')?.[1]} ${field}`);
}

/** Of what has a uid the managers are kept; of what has none they are read anew. */
const all = sequences.flatMap((steps, at) => [
  [at, 'read', {}, steps] as const,
  [at, 'kept', { uid: `sequence ${at}` }, steps] as const,
]);

test.each(all)('sequence %d goes as upstream where managers are %s', (_at, _how, metadata, steps) => {
  let live: Owned = { object: object({}, metadata), owners: '' };
  for (const step of steps) {
    // Of an object that nobody owns kube-apiserver keeps an account of its own, above structured-merge-diff.
    if (live.owners === '' && Object.keys(live.object.spec as object).length > 0) return;
    try {
      live = write(step, live);
    } catch (error) {
      if (step.error === undefined) expect(causesOf(error)).toEqual(step.conflicts);
      else expect((error as StatusError).message).toContain(step.error);
      continue;
    }
    expect({ spec: live.object.spec, managers: managersOf(live) }).toEqual({
      spec: (step.becomes as { spec: object } | undefined)?.spec,
      managers: step.managers ?? {},
    });
  }
});
