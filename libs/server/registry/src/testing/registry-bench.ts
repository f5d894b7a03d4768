import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { type Context, FakeClock, silentLogger } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { MemoryStorage, type StoredObject, type Write } from '@binnacle/server-storage';
import { type Admission, admitEverything } from '../admission.js';
import { Registry } from '../registry.js';
import { type RequestContext, systemContext } from '../request-context.js';
import type { ResourceHooks } from '../resource-core.js';
import { fixedResourceSets } from '../resource-sets.js';
import type { ResourceStore } from '../resource-store.js';

/** A store in memory in which something may happen before a write is done, or instead of it. */
export class EventfulStorage extends MemoryStorage {
  private readonly events: Array<(write: Write) => Promise<void> | void> = [];
  writes = 0;

  /** What happens before the next write that has nothing before it yet; what it throws happens instead. */
  beforeNext(event: (write: Write) => Promise<void> | void): void {
    this.events.push(event);
  }

  override async write(ctx: Context, write: Write): Promise<StoredObject> {
    await this.events.shift()?.(write);
    this.writes += 1;
    return super.write(ctx, write);
  }
}

export interface RegistryBench {
  readonly clock: FakeClock;
  readonly storage: EventfulStorage;
  readonly ctx: RequestContext;
  readonly registry: Registry;
  /** That of another server over the same store. */
  readonly replica: Registry;
  /** What the server warned of. */
  readonly warnings: string[];
  /** The context of another request, which ends with the signal. */
  as(user: string, signal?: AbortSignal): RequestContext;
  store(plural: string, group?: string): ResourceStore;
}

export interface RegistryBenchOptions {
  readonly admission?: Admission;
  readonly hooks?: (storage: EventfulStorage) => Readonly<Record<string, ResourceHooks>>;
}

/** A registry of Kubernetes' own kinds over a store in memory, with the cluster `main`. */
export async function registryBench({
  admission = admitEverything,
  hooks,
}: RegistryBenchOptions = {}): Promise<RegistryBench> {
  const clock = new FakeClock();
  const storage = new EventfulStorage();
  const base = { clock, logger: silentLogger, signal: new AbortController().signal };
  await storage.createCluster(base, 'main');
  const warnings: string[] = [];
  const ctx = { ...systemContext(base, 'main'), warn: (text: string) => void warnings.push(text) };
  const sets = fixedResourceSets(builtinResources);
  const create = () => new Registry({ sets, storage, admission, hooks: hooks?.(storage) });
  const registry = create();
  return {
    clock,
    storage,
    ctx,
    registry,
    replica: create(),
    warnings,
    as: (name, signal = ctx.signal) => ({ ...ctx, signal, user: { name, groups: [] }, client: `${name}/1.0` }),
    store: (plural, group = '') => registry.get(group, 'v1', plural),
  };
}

/** The objects of a resource in a namespace, by name. */
export async function namesIn({ ctx, store }: RegistryBench, plural: string, namespace = 'default'): Promise<string[]> {
  const { items } = await store(plural).list(ctx, { namespace }, { revision: { at: 'latest' } });
  return items.map(({ key }) => key.name);
}

export const configMap = (name: string, more: object = {}): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data: { key: 'value' },
  ...more,
});

export const pod = (name: string, metadata: object = {}, spec: object = {}): UnstructuredObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, ...metadata },
  spec: { containers: [{ name: 'main', image: 'i' }], ...spec },
});
