import type { KubeClient, ListWatcher, ResourceRef } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import { type InformerOptions, SharedInformer } from './shared-informer.js';

/** A single informer that nobody else shares, for example of the Pods of one node. */
export function createInformer<T extends KubeObject>(
  source: ListWatcher<T>,
  options: InformerOptions<T> = {},
): SharedInformer<T> {
  return new SharedInformer(source, options);
}

/** Hands out one informer per resource, however many ask for it, and runs them all. */
export class SharedInformerFactory {
  private readonly informers = new Map<string, SharedInformer<KubeObject>>();
  private readonly runs: Array<Promise<void>> = [];
  private running: Context | undefined;

  constructor(private readonly client: KubeClient) {}

  /** One informer per resource and selection; `transform` counts only for the first to ask. */
  for<T extends KubeObject>(ref: ResourceRef, options: InformerOptions<T> = {}): SharedInformer<T> {
    const key = `${ref.group}/${ref.version}/${ref.plural}?${JSON.stringify(options.selection ?? {})}`;
    const existing = this.informers.get(key);
    if (existing) return existing as unknown as SharedInformer<T>;
    const informer = createInformer(this.client.resource<T>(ref), options);
    this.informers.set(key, informer as unknown as SharedInformer<KubeObject>);
    if (this.running) this.runs.push(informer.run(this.running));
    return informer;
  }

  /** Starts what was asked for, and from now on whatever is asked for. */
  start(ctx: Context): void {
    this.running = ctx;
    for (const informer of this.informers.values()) this.runs.push(informer.run(ctx));
  }

  async synced(): Promise<void> {
    await Promise.all([...this.informers.values()].map((informer) => informer.synced()));
  }

  /** Resolves when every informer has ended, after the context aborted. */
  async stopped(): Promise<void> {
    await Promise.all(this.runs);
  }
}
