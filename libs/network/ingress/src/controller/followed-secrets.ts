import type { Secret } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createInformer, type Informer, splitKey } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import { type Context, withSignal } from '@binnacle/machinery-context';

/** Of one logical cluster; certificates of more are not read. */
export const MOST_SECRETS = 2_000;

interface Followed {
  readonly informer: Informer<Secret>;
  /** It is known whether there is one. */
  known: boolean;
  abort: AbortController;
}

/**
 * Follows Secrets one by one: only those that somebody names may be read, and none else are asked for. What was read stays known
 * while nobody follows.
 */
export class FollowedSecrets {
  private readonly followed = new Map<string, Followed>();
  private ctx: Context | undefined;

  constructor(
    private readonly client: KubeClient,
    private readonly changed: () => void,
  ) {}

  /** Whether everything that is wanted has been looked for. */
  get isSynced(): boolean {
    return [...this.followed.values()].every(({ known }) => known);
  }

  get(key: string): Secret | undefined {
    return this.followed.get(key)?.informer.get(key);
  }

  /** Whether it is known that there is such a Secret, or none. */
  isKnown(key: string): boolean {
    return this.followed.get(key)?.known ?? false;
  }

  /** Makes these all that are followed, by `namespace/name`. */
  want(keys: ReadonlySet<string>): void {
    for (const [key, one] of this.followed) if (!keys.has(key)) this.drop(key, one);
    for (const key of keys) {
      if (this.followed.size >= MOST_SECRETS) return;
      if (!this.followed.has(key)) this.add(key);
    }
  }

  /** Follows until the context aborts. */
  follow(ctx: Context): void {
    this.ctx = ctx;
    const end = () => this.followed.forEach(({ abort }) => abort.abort(ctx.signal.reason));
    ctx.signal.addEventListener('abort', end, { once: true });
    for (const one of this.followed.values()) this.run(ctx, one);
  }

  private add(key: string): void {
    const { namespace = '', name } = splitKey(key);
    const selection = { namespace, fieldSelector: `metadata.name=${name}` };
    const informer = createInformer(this.client.resource<Secret>(refs.secrets), { selection });
    const one: Followed = { informer, abort: new AbortController(), known: false };
    informer.addHandler({ added: this.changed, updated: this.changed, deleted: this.changed });
    informer
      .synced()
      .then(() => {
        one.known = true;
        this.changed();
      })
      .catch(() => undefined);
    this.followed.set(key, one);
    if (this.ctx && !this.ctx.signal.aborted) this.run(this.ctx, one);
  }

  private run(ctx: Context, one: Followed): void {
    one.abort = new AbortController();
    one.informer.run(withSignal(ctx, one.abort.signal)).catch(() => undefined);
  }

  private drop(key: string, { abort }: Followed): void {
    this.followed.delete(key);
    abort.abort(new Error('nobody names the Secret any more'));
  }
}
