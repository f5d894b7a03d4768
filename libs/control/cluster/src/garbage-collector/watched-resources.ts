import { createInformer } from '@binnacle/client-informers';
import type { KubeClient, ResourceRef } from '@binnacle/client-rest';
import { type Context, sleep, withSignal } from '@binnacle/machinery-context';
import type { KubeObject } from '@binnacle/machinery-meta';
import { type DiscoveredResource, discover, supports } from '../discovery/discovery.js';
import { onlyOwnership } from './graph.js';

/** New kinds (of custom resources) are noticed within this time. */
const REFRESH_MILLISECONDS = 30_000;
const RETRY_MILLISECONDS = 1_000;
/** Written all the time, owned by nobody: as upstream, not worth following. */
const IGNORED = new Set(['/events', 'events.k8s.io/events']);

export interface OwnershipSink {
  changed(resource: ResourceRef, object: KubeObject): void;
  gone(object: KubeObject): void;
}

const keyOf = ({ group, plural }: ResourceRef): string => `${group}/${plural}`;

interface Watched {
  readonly resource: DiscoveredResource;
  readonly stop: AbortController;
}

/** Follows the metadata of every object of every kind that can be deleted. */
export class WatchedResources {
  private readonly watched = new Map<string, Watched>();
  private markSynced: () => void = () => undefined;
  private readonly firstSync = new Promise<void>((resolve) => {
    this.markSynced = resolve;
  });

  constructor(
    private readonly client: KubeClient,
    private readonly sink: OwnershipSink,
  ) {}

  /** Resolves when everything that was discovered first has been listed. */
  synced(): Promise<void> {
    return this.firstSync;
  }

  find(apiVersion: string, kind: string): ResourceRef | undefined {
    const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
    for (const { resource } of this.watched.values()) {
      if (resource.group === group && resource.kind === kind) return resource;
    }
    return undefined;
  }

  async run(ctx: Context): Promise<void> {
    while (!ctx.signal.aborted) {
      const wait = await this.refresh(ctx).then(
        () => REFRESH_MILLISECONDS,
        (error: unknown) => {
          ctx.logger.debug('discovery failed', { error: error instanceof Error ? error.message : String(error) });
          return RETRY_MILLISECONDS;
        },
      );
      await sleep(ctx, wait).catch(() => undefined);
    }
  }

  private async refresh(ctx: Context): Promise<void> {
    const found = (await discover(ctx, this.client)).filter(
      (resource) => supports(resource, 'list', 'watch', 'delete') && !IGNORED.has(keyOf(resource)),
    );
    const present = new Set(found.map(keyOf));
    for (const [key, { stop }] of this.watched) {
      if (present.has(key)) continue;
      stop.abort();
      this.watched.delete(key);
    }
    const started = found
      .filter((resource) => !this.watched.has(keyOf(resource)))
      .map((resource) => this.watch(ctx, resource));
    void Promise.all(started).then(this.markSynced);
  }

  private watch(ctx: Context, resource: DiscoveredResource): Promise<void> {
    const stop = new AbortController();
    this.watched.set(keyOf(resource), { resource, stop });
    const informer = createInformer(this.client.metadata(resource), { transform: onlyOwnership });
    informer.addHandler({
      added: (object) => this.sink.changed(resource, object),
      updated: (object) => this.sink.changed(resource, object),
      deleted: (object) => this.sink.gone(object),
    });
    void informer.run(withSignal(ctx, AbortSignal.any([ctx.signal, stop.signal])));
    return informer.synced();
  }
}
