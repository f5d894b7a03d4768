import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';

/** Pods of one namespace that are given a node, counted as they leave the list of those without one. */
export class Bindings {
  private bound = 0;
  private over: Error | undefined;
  private readonly ending = new AbortController();
  /** Told whenever something has come of the watch. */
  private heard: () => void = () => undefined;

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

  /** Resolves when so many are bound, or rejects: after `seconds`, or when the watch has ended. One may wait at a time. */
  async reach(count: number, seconds: number): Promise<void> {
    const late = setTimeout(() => this.end(new Error(`not within ${seconds} s`)), seconds * 1000);
    try {
      while (this.bound < count) {
        if (this.over) throw new Error(`${this.bound} of ${count} Pods are bound`, { cause: this.over });
        await new Promise<void>((resolve) => (this.heard = resolve));
      }
    } finally {
      clearTimeout(late);
    }
  }

  close(): void {
    this.ending.abort(new Error('nobody counts any more'));
  }

  private async follow(resourceVersion: string): Promise<void> {
    const ctx = { ...this.ctx, signal: this.ending.signal };
    const query = { ...this.query, fieldSelector: 'spec.nodeName=', resourceVersion, timeoutSeconds: 3_600 };
    try {
      for await (const { type } of this.client.metadata(refs.pods).watch(ctx, query)) {
        if (type === 'DELETED') this.bound += 1;
        this.heard();
      }
      this.end(new Error('the watch of Pods has ended'));
    } catch (error) {
      this.end(error as Error);
    }
  }

  private end(why: Error): void {
    this.over ??= why;
    this.heard();
  }
}
