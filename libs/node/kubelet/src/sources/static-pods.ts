import { type FSWatcher, watch } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { type CancelTimer, type Context, formatTime } from '@binnacle/machinery-context';
import { podUid } from '../pod/identity.js';
import { readManifest } from '../manifests/manifest.js';
import { isManifestName, readManifestFile } from '../manifests/manifest-file.js';

/** Events of the directory may be lost: it is looked through again so often. */
const RESCAN_MILLISECONDS = 20_000;
/** A file is often written in several steps. */
const SETTLE_MILLISECONDS = 50;

export interface StaticPodHandler {
  updated(pod: Pod): void;
  removed(uid: string): void;
}

/** Follows a directory of manifests: each file one Pod. A file that cannot be read keeps the Pod it had. */
export class StaticPodSource {
  private readonly files = new Map<string, { readonly text: string; readonly pod: Pod }>();
  private scanning: Promise<void> | undefined;
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly directory: string,
    private readonly nodeName: string,
    private readonly handler: StaticPodHandler,
  ) {}

  get pods(): readonly Pod[] {
    return [...this.files.values()].map(({ pod }) => pod);
  }

  /** Resolves after the first look; goes on until the context aborts. */
  async start(ctx: Context): Promise<void> {
    await this.scan(ctx);
    let watcher: FSWatcher | undefined;
    try {
      watcher = watch(this.directory, () => this.scanIn(ctx, SETTLE_MILLISECONDS));
      watcher.on('error', () => watcher?.close());
    } catch (error) {
      ctx.logger.warn('the manifest directory cannot be watched', { directory: this.directory, error });
    }
    ctx.signal.addEventListener(
      'abort',
      () => {
        watcher?.close();
        this.cancel();
      },
      { once: true },
    );
  }

  private scanIn(ctx: Context, delay: number): void {
    this.cancel();
    if (!ctx.signal.aborted) this.cancel = ctx.clock.after(delay, () => void this.scan(ctx));
  }

  private async scan(ctx: Context): Promise<void> {
    this.scanning ??= this.look(ctx)
      .catch((error: unknown) => ctx.logger.warn('the manifest directory cannot be read', { error }))
      .finally(() => {
        this.scanning = undefined;
        this.scanIn(ctx, RESCAN_MILLISECONDS);
      });
    await this.scanning;
  }

  private async look(ctx: Context): Promise<void> {
    const names = (await readdir(this.directory)).filter(isManifestName).sort();
    for (const name of names) await this.read(ctx, name);
    for (const [name, { pod }] of this.files) if (!names.includes(name)) this.drop(name, pod);
  }

  private async read(ctx: Context, manifest: string): Promise<void> {
    const known = this.files.get(manifest);
    const path = join(this.directory, manifest);
    try {
      const text = await readManifestFile(this.directory, manifest);
      if (text === known?.text) return;
      const seen = formatTime(ctx.clock.now());
      const pod = readManifest(text, { path, nodeName: this.nodeName, seen });
      if (known && podUid(known.pod) !== podUid(pod)) this.handler.removed(podUid(known.pod));
      this.files.set(manifest, { text, pod });
      this.handler.updated(pod);
    } catch (error) {
      ctx.logger.warn('a manifest cannot be used', { path, error: error instanceof Error ? error.message : error });
    }
  }

  private drop(manifest: string, pod: Pod): void {
    this.files.delete(manifest);
    this.handler.removed(podUid(pod));
  }
}
