import type { DecisionRecord } from '@binnacle/apis-kubernetes/decisions/record';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { type RequestContext, systemContext } from '@binnacle/server-registry';
import { MemoryDecisions, MemoryStorage, parseBody } from '@binnacle/server-storage';
import { beforeEach, expect, test } from 'vitest';
import type { ReadTarget } from '../changes/visible-changes.js';
import { Moments } from '../past/moments.js';
import { DECISIONS, readName } from './decision-object.js';
import { DecisionSource } from './decision-source.js';

let ctx: RequestContext;
let clock: FakeClock;
let store: MemoryDecisions;
let source: DecisionSource;
let asked: ReadTarget[];
let begun: number;
let readable: (namespace: string) => boolean;

beforeEach(async () => {
  clock = new FakeClock();
  ctx = systemContext({ signal: new AbortController().signal, clock, logger: silentLogger }, 'main');
  const storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  store = new MemoryDecisions({ age: 60_000, perPod: 3, perCluster: 2_000, bytes: 1e9, allBytes: 1e9 });
  begun = 0;
  [asked, readable] = [[], () => true];
  source = new DecisionSource(
    new Moments(storage),
    store,
    (_, target) => {
      asked.push(target);
      return readable(target.namespace);
    },
    { since: async () => begun },
  );
});

const record = (over: Partial<DecisionRecord> = {}): DecisionRecord => ({
  time: 1,
  duration: 1,
  scheduler: 'default-scheduler',
  pod: { namespace: 'shop', name: 'web', uid: 'u' },
  attempt: 1,
  queued: { since: 1, event: 'PodAdd' },
  revision: 0,
  result: 'Unschedulable',
  nodes: 1,
  feasible: 0,
  refused: [],
  ...over,
});

const append = (records: readonly DecisionRecord[]) =>
  store.append(
    ctx,
    'main',
    records.map((one) => ({
      namespace: one.pod.namespace,
      pod: one.pod.name,
      uid: one.pod.uid,
      node: one.node ?? '',
      result: one.result,
      revision: one.revision,
      attempt: one.attempt,
      record: JSON.stringify(one),
    })),
  );

const scope = { cluster: 'main', resource: DECISIONS };
const LATEST = { at: 'latest' } as const;
const list = (more: object = {}, options: object = {}) =>
  source.list(ctx, { ...scope, ...more }, { revision: LATEST, ...options });

test('victims in namespaces whose Pods the reader may not list are only counted, and each namespace is asked for once', async () => {
  const victims = ['shop', 'bank', 'bank'].map((namespace, at) => ({ namespace, name: `v${at}` }));
  await append([record({ preemption: { node: 'n', victims, moreVictims: 4 } })]);
  readable = (namespace) => namespace === 'shop';
  const [found] = (await list()).items;
  expect(found && parseBody(found).status).toMatchObject({
    preemption: { node: 'n', victims: [{ namespace: 'shop', name: 'v0' }], moreVictims: 6 },
  });
  expect(asked.map(({ verb, resource, namespace }) => `${verb} ${resource} ${namespace}`)).toEqual([
    'list pods shop',
    'list pods bank',
  ]);
});

test('a selector that few match is answered in pages that may be empty, and ends', async () => {
  const many = Array.from({ length: 1_200 }, (_, at) =>
    record({ pod: { namespace: 'shop', name: `p${at}`, uid: `u${at}` }, scheduler: at === 3 ? 'mine' : 'other' }),
  );
  await append(many);
  const matches = ({ fields }: { readonly fields: Readonly<Record<string, string>> }) =>
    fields['spec.schedulerName'] === 'mine';
  const first = await list({ matches }, { limit: 100 });
  expect([first.items.length, first.more]).toEqual([0, true]);
  const second = await list({ matches }, { limit: 100, after: first.next });
  expect(second.items.map(({ key }) => key.name)).toEqual(['p3.4']);
  expect(second.more).toBe(false);
});

test('all pages together are everything, once', async () => {
  await append(Array.from({ length: 25 }, (_, at) => record({ pod: { namespace: 'a', name: 'p', uid: `u${at}` } })));
  const names: string[] = [];
  let after: object | undefined;
  do {
    const page = await list({}, { limit: 7, ...(after && { after }) });
    names.push(...page.items.map(({ key }) => key.name));
    after = page.more ? page.next : undefined;
  } while (after);
  expect(names).toEqual(Array.from({ length: 25 }, (_, at) => `p.${(25 - at).toString(16)}`));
});

test('are kept for their time, and so many of a Pod', async () => {
  await append(Array.from({ length: 5 }, (_, at) => record({ attempt: at + 1 })));
  expect((await list()).items).toHaveLength(3);
  clock.step(61_000);
  await append([record({ pod: { namespace: 'a', name: 'b', uid: 'c' } })]);
  expect((await list()).items.map(({ key }) => key.name)).toEqual(['b.6']);
});

test('cannot be written, watched, or gone on from where no decision is named', async () => {
  await expect(source.write()).rejects.toMatchObject({ reason: 'MethodNotAllowed' });
  await expect(source.watch()).rejects.toMatchObject({ reason: 'MethodNotAllowed' });
  await expect(list({}, { after: { namespace: 'a', name: 'Pod' } })).rejects.toMatchObject({ reason: 'BadRequest' });
  const later = list({}, { revision: { at: 'notOlderThan', revision: 99 } });
  await expect(later).rejects.toMatchObject({ code: 'future' });
});

test.each(['', 'web', 'web.', '.1', 'web.0', 'web.g', 'web.01', `web.${'f'.repeat(14)}`])('%j names none', (name) => {
  expect(readName(name)).toBeUndefined();
});

test('what was decided in another namespace of the name is for who may read all there is', async () => {
  await append([record({ revision: 4 }), record({ revision: 6, attempt: 2 })]);
  begun = 5;
  readable = (namespace) => namespace !== '';
  expect((await list()).items).toHaveLength(1);
  readable = () => true;
  expect((await list()).items).toHaveLength(2);
});
