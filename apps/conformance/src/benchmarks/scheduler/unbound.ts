import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';

/** Pods of one namespace that are given a node, counted as they leave the list of those without one. */
export class Bindings {
  /** When each was seen bound, in milliseconds of `performance.now`. */
  readonly times: number[] = [];
  private readonly ending = new AbortController();
  private readonly waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  private broken: unknown;

  private constructor(
    private readonly ctx: Context,
    private readonly client: KubeClient,
    private readonly query: { readonly namespace: string; readonly labelSelector: string },
  ) {}

  /** Sees everything that is bound from when this resolves. */
  static async watch(ctx: Context, client: KubeClient, namespace: string, labelSelector: string): Promise<Bindings> {
    const bindings = new Bindings(ctx, client, { namespace, labelSelector });
    const list = await client.metadata(refs.pods).list(ctx, { namespace, labelSelector, limit: 1 });
    void bindings.follow(list.metadata.resourceVersion ?? '');
    return bindings;
  }

  /** Resolves when so many are bound, or rejects: after `seconds`, or when the watch has ended. */
  async reach(count: number, seconds: number): Promise<void> {
    if (this.times.length >= count) return;
    if (this.broken) throw new Error('the watch of Pods has ended', { cause: this.broken });
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`${this.times.length} of ${count} Pods are bound after ${seconds} s`)),
        seconds * 1000,
      );
      const done = () => {
        clearTimeout(late);
        resolve();
      };
      this.waiting.push({ count, resolve: done });
    });
  }

  close(): void {
    this.ending.abort(new Error('nobody counts any more'));
  }

  private async follow(resourceVersion: string): Promise<void> {
    const ctx = { ...this.ctx, signal: this.ending.signal };
    const query = { ...this.query, fieldSelector: 'spec.nodeName=', resourceVersion, timeoutSeconds: 3_600 };
    try {
      for await (const { type } of this.client.metadata(refs.pods).watch(ctx, query))
        if (type === 'DELETED') this.count();
    } catch (error) {
      this.broken = error;
    }
  }

  private count(): void {
    this.times.push(performance.now());
    for (const { count, resolve } of this.waiting) if (count === this.times.length) resolve();
  }
}
