import type { FlowSchema, PriorityLevelConfiguration } from '@binnacle/apis-kubernetes/flowcontrol/v1';
import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { encodeOwners } from '@binnacle/machinery-apply';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newConflict, newNotFound, type UnstructuredObject } from '@binnacle/machinery-meta';
import { MetricsRegistry as Metrics } from '@binnacle/process-telemetry';
import type { AppliedObject, Registry, RequestContext } from '@binnacle/server-registry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ADJUST_EVERY_MILLISECONDS, FlowControlConfiguration } from './configuration.js';
import { dumpPriorityLevels, dumpQueues } from './dump.js';
import { FlowControl } from './flow-control.js';
import { observeFlowControl, reportFlowControl } from './metrics.js';

const AT = Date.UTC(2026, 0, 1);
const apiVersion = 'flowcontrol.apiserver.k8s.io/v1';
const level = (name: string): PriorityLevelConfiguration => ({
  apiVersion,
  kind: 'PriorityLevelConfiguration',
  metadata: { name },
  spec: {
    type: 'Limited',
    limited: {
      nominalConcurrencyShares: 5,
      limitResponse: { type: 'Queue', queuing: { queues: 2, handSize: 1, queueLengthLimit: 1 } },
    },
  },
});
const schema = (name: string, to: string, status?: object): FlowSchema =>
  ({
    apiVersion,
    kind: 'FlowSchema',
    metadata: { name },
    spec: {
      priorityLevelConfiguration: { name: to },
      matchingPrecedence: 1,
      rules: [
        {
          subjects: [{ kind: 'User', user: { name: '*' } }],
          resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'] }],
        },
      ],
    },
    ...(status && { status }),
  }) as FlowSchema;

/** A store of some objects that can be watched, and that tells what is written to it. */
class Shelf {
  objects: object[] = [];
  written: UnstructuredObject[] = [];
  refusal: Error | undefined;
  watches: { tell(): void; end(error?: Error): void; closed: boolean }[] = [];

  list = () => Promise.resolve({ items: this.objects });
  decode = (object: object) => object;

  core = {
    definition: builtinResources.find('flowcontrol.apiserver.k8s.io', 'v1', 'flowschemas'),
    servedBy: () => undefined,
  };
  owners = new Map<string, string>();

  update = (_ctx: unknown, { name }: { name: string }, change: (current: object, owners: string) => AppliedObject) => {
    if (this.refusal) return Promise.reject(this.refusal);
    const at = this.objects.findIndex((object) => (object as UnstructuredObject).metadata.name === name);
    const { object: next, owners } = change(this.objects[at] ?? {}, this.owners.get(name) ?? encodeOwners());
    this.owners.set(name, owners);
    this.objects[at] = next;
    this.written.push(next);
    return Promise.resolve(next);
  };

  watch = () => {
    const waiting: (() => void)[] = [];
    const batches: object[][] = [];
    let ended: { error?: Error } | undefined;
    const wake = () => waiting.splice(0).forEach((one) => one());
    const watch = {
      closed: false,
      tell: () => (batches.push([{ kind: 'change' }]), wake()),
      end: (error?: Error) => ((ended = error ? { error } : {}), wake()),
      close: () => ((watch.closed = true), (ended ??= {}), wake()),
      async *[Symbol.asyncIterator]() {
        for (;;) {
          const batch = batches.shift();
          if (batch) yield batch;
          else if (ended?.error) throw ended.error;
          else if (ended) return;
          else await new Promise<void>((resolve) => waiting.push(resolve));
        }
      },
    };
    this.watches.push(watch);
    return Promise.resolve(watch);
  };
}

let clock: FakeClock;
let control: FlowControl;
let levels: Shelf;
let schemas: Shelf;
let ctx: RequestContext;
let configuration: FlowControlConfiguration;

beforeEach(() => {
  clock = new FakeClock(AT);
  control = new FlowControl(clock, { seats: 10, longestWait: 1_000 });
  [levels, schemas] = [new Shelf(), new Shelf()];
  ctx = { signal: new AbortController().signal, clock, logger: silentLogger } as unknown as RequestContext;
  const registry = {
    get: (_group: string, _version: string, plural: string) => (plural === 'flowschemas' ? schemas : levels),
  };
  configuration = new FlowControlConfiguration(ctx, registry as unknown as Registry, control);
});
afterEach(() => configuration.stop());

const conditionOf = (name: string) => {
  const found = schemas.written.find(({ metadata }) => metadata.name === name) as FlowSchema | undefined;
  return found?.status?.conditions?.[0];
};
const request = {
  user: { name: 'ann', groups: [] },
  cluster: 'main',
  verb: 'list',
  resource: { group: '', resource: 'pods', subresource: '', namespace: 'a' },
};
const levelOfRequest = () => control.classify(request).level.name;

describe('the configuration', () => {
  it('holds as the objects say, and each schema is told whether its level is there', async () => {
    levels.objects = [level('mine')];
    schemas.objects = [schema('good', 'mine'), schema('bad', 'gone')];
    await configuration.start();
    expect(levelOfRequest()).toBe('mine');
    expect(conditionOf('good')).toEqual({
      type: 'Dangling',
      status: 'False',
      reason: 'Found',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      message: 'This FlowSchema references the PriorityLevelConfiguration object named "mine" and it exists',
    });
    expect(conditionOf('bad')).toMatchObject({ status: 'True', reason: 'NotFound' });
    expect(JSON.parse(schemas.owners.get('bad') ?? '')).toMatchObject([
      { manager: 'api-priority-and-fairness-config-consumer-v1', operation: 'Apply', subresource: 'status' },
    ]);
  });

  it('is not written where it is said already, and keeps what others say', async () => {
    const other = { type: 'Other', status: 'True' };
    levels.objects = [level('mine')];
    schemas.objects = [schema('good', 'mine', { conditions: [other] })];
    await configuration.digest();
    expect((schemas.written[0] as FlowSchema | undefined)?.status?.conditions).toHaveLength(2);
    await configuration.digest();
    expect(schemas.written).toHaveLength(1);
  });

  it('is read again when something of it changes', async () => {
    await configuration.start();
    expect(levelOfRequest()).toBe('catch-all');
    levels.objects = [level('mine')];
    schemas.objects = [schema('good', 'mine')];
    await expect.poll(() => schemas.watches.length).toBe(1);
    schemas.watches[0]?.tell();
    await expect.poll(levelOfRequest).toBe('mine');
  });

  it.each([newNotFound({ group: '', resource: 'x' }, 'bad'), newConflict({ group: '', resource: 'x' }, 'bad')])(
    'holds though a schema changed or went meanwhile: %s',
    async (refusal) => {
      schemas.objects = [schema('bad', 'gone')];
      schemas.refusal = refusal;
      await expect(configuration.digest()).resolves.toBeUndefined();
    },
  );

  it('that could not be read once is read the next time', async () => {
    schemas.objects = [schema('bad', 'gone')];
    schemas.refusal = new Error('no store');
    await expect(configuration.digest()).rejects.toThrow('no store');
    schemas.refusal = undefined;
    await configuration.digest();
    expect(conditionOf('bad')?.status).toBe('True');
  });

  it('is watched again a while after its watch failed or ended', async () => {
    await configuration.start();
    await expect.poll(() => levels.watches.length).toBe(1);
    levels.watches[0]?.end(new Error('cut'));
    await expect
      .poll(() => {
        clock.step(1_000);
        return levels.watches.length;
      })
      .toBe(2);
    expect(levels.watches[0]?.closed).toBe(true);
  });

  it('that is stopped is watched no longer', async () => {
    await configuration.start();
    await expect.poll(() => levels.watches.length + schemas.watches.length).toBe(2);
    configuration.stop();
    await expect.poll(() => [...levels.watches, ...schemas.watches].every(({ closed }) => closed)).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it('looks every ten seconds whether seats are better lent', async () => {
    await configuration.start();
    let adjusted = 0;
    control.levels.adjust = () => void (adjusted += 1);
    for (let period = 1; period <= 3; period += 1) {
      clock.step(ADJUST_EVERY_MILLISECONDS);
      await expect.poll(() => adjusted).toBe(period);
      await expect.poll(() => clock.pending).toBeGreaterThan(0);
    }
  });
});

describe('what operators are shown', () => {
  const fill = () => {
    control.configure([level('mine')], [schema('good', 'mine')]);
    const outcomes: string[] = [];
    for (let at = 0; at < 30; at += 1) {
      try {
        const admission = control.admit(ctx, control.classify(request), request);
        if (admission instanceof Promise) admission.catch(() => undefined);
        outcomes.push(admission instanceof Promise ? 'waiting' : 'served');
      } catch {
        outcomes.push('refused');
      }
    }
    return (what: string) => outcomes.filter((outcome) => outcome === what).length;
  };

  it('is every level with what it does', () => {
    const count = fill();
    const [head = '', ...rows] = dumpPriorityLevels(control)
      .trim()
      .split('\n')
      .map((line) => line.split(', '));
    const mine = rows.find(([name]) => name === 'mine') ?? [];
    const shown = Object.fromEntries([...head].map((column, at) => [column, mine[at]]));
    expect(shown).toMatchObject({
      IsIdle: 'false',
      IsQuiescing: 'false',
      WaitingRequests: `${count('waiting')}`,
      ExecutingRequests: `${count('served')}`,
      DispatchedRequests: `${count('served')}`,
      RejectedRequests: `${count('refused')}`,
    });
    expect(count('waiting') * count('served') * count('refused')).toBeGreaterThan(0);
  });

  it('is every queue that is in use', () => {
    fill();
    const [head, ...rows] = dumpQueues(control).trim().split('\n');
    expect(head).toBe('PriorityLevelName, Index, PendingRequests, ExecutingRequests, SeatsInUse, NextDispatchR');
    expect(rows.every((row) => /^mine, [01], \d+, \d+, \d+, -?\d+\.\d{8}ss$/.test(row))).toBe(true);
    expect(rows.length).toBeGreaterThan(0);
  });

  it('is measured under the names upstream uses', async () => {
    const metrics = new Metrics();
    const observe = observeFlowControl(metrics);
    control = new FlowControl(clock, { seats: 10, longestWait: 1_000, observe });
    reportFlowControl(metrics, control);
    const count = fill();
    const text = await metrics.metrics();
    const prefix = 'apiserver_flowcontrol_';
    const flow = 'priority_level="mine",flow_schema="good"';
    expect(text).toContain(`${prefix}dispatched_requests_total{${flow}} ${count('served')}`);
    expect(text).toContain(`${prefix}rejected_requests_total{${flow},reason="queue-full"} ${count('refused')}`);
    expect(text).toContain(`${prefix}current_inqueue_requests{${flow}} ${count('waiting')}`);
    expect(text).toContain(`${prefix}request_wait_duration_seconds_count{${flow},execute="true"} ${count('served')}`);
    expect(text).toContain(
      `${prefix}nominal_limit_seats{priority_level="mine"} ${control.levels.find('mine')?.bounds.nominal}`,
    );
    expect(text).not.toContain('priority_level="gone"');
  });

  it('tells of those who waited in vain', async () => {
    const waits: [number, boolean][] = [];
    const observe = {
      waited: (_: unknown, milliseconds: number, served: boolean) => waits.push([milliseconds, served]),
      served: () => undefined,
    };
    control = new FlowControl(clock, { seats: 10, longestWait: 1_000, observe });
    const count = fill();
    clock.step(1_000);
    expect(waits.filter(([milliseconds, served]) => milliseconds === 1_000 && !served)).toHaveLength(count('waiting'));
  });
});
