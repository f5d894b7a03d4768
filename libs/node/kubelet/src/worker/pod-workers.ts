import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podFullName, podText, podUid } from '../pod/identity.js';
import type { PodSource } from '../pod/source.js';
import { PodWorker, type StopRequest } from './pod-worker.js';
import type { NodeServices } from './services.js';

/** A static Pod and a Pod of the API that happen to have one name do not wait for each other. */
const placeOf = (pod: Pod, source: PodSource): string => `${source}:${podFullName(pod)}`;

/** One worker per Pod. Two Pods of one name follow each other: the second waits until nothing is left of the first. */
export class PodWorkers {
  private readonly workers = new Map<string, PodWorker>();
  private readonly bySandbox = new Map<string, PodWorker>();
  private readonly queued = new Map<string, { readonly pod: Pod; readonly source: PodSource }>();
  private readonly idle: Array<() => void> = [];

  constructor(private readonly node: NodeServices) {
    const stopListening = node.runtime.onEvent(({ sandboxId }) => this.bySandbox.get(sandboxId)?.wake());
    node.ctx.signal.addEventListener(
      'abort',
      () => {
        stopListening();
        for (const worker of this.workers.values()) worker.release();
      },
      { once: true },
    );
  }

  /** A Pod this node is to run, or that changed. */
  update(pod: Pod, source: PodSource): void {
    const known = this.workers.get(podUid(pod));
    if (known && known.source !== source) return this.refuse(pod, source);
    if (known) return known.update(pod);
    const place = placeOf(pod, source);
    if (this.list().some((worker) => placeOf(worker.pod, worker.source) === place))
      this.queued.set(place, { pod, source });
    else this.start(pod, source);
  }

  /** A Pod this node is no longer to run. */
  stop(uid: string, request: StopRequest, from: PodSource): void {
    for (const [place, { pod, source }] of this.queued)
      if (podUid(pod) === uid && source === from) this.queued.delete(place);
    const worker = this.workers.get(uid);
    if (worker?.source === from) worker.stop(request);
  }

  get(uid: string): PodWorker | undefined {
    return this.workers.get(uid);
  }

  /** By name; where a static Pod has it too, the API's. */
  find(fullName: string): PodWorker | undefined {
    const found = this.list().filter((worker) => podFullName(worker.pod) === fullName);
    return found.find(({ source }) => source === 'api') ?? found[0];
  }

  list(): PodWorker[] {
    return [...this.workers.values()];
  }

  /** The Pods that take up room beside the given one. */
  activePods(besides: Pod): Pod[] {
    const others = this.list().filter((worker) => worker.isActive && podUid(worker.pod) !== podUid(besides));
    return others.map((worker) => worker.pod);
  }

  /** Resolves when none of the given Pods is left here. */
  async gone(uids: readonly string[]): Promise<void> {
    while (uids.some((uid) => this.workers.has(uid))) {
      await new Promise<void>((resolve) => void this.idle.push(resolve));
    }
  }

  /** A uid is one Pod's: nothing from another source changes or ends it. */
  private refuse(pod: Pod, source: PodSource): void {
    this.node.ctx.logger.warn('a Pod that claims the uid of another is left alone', {
      pod: podText(pod),
      source,
    });
  }

  private start(pod: Pod, source: PodSource): void {
    const worker = new PodWorker(
      this.node,
      pod,
      source,
      (ended) => this.removed(ended),
      (sandboxId) => this.bySandbox.set(sandboxId, worker),
    );
    this.workers.set(podUid(pod), worker);
    worker.update(pod);
  }

  private removed(worker: PodWorker): void {
    this.workers.delete(podUid(worker.pod));
    for (const [id, owner] of this.bySandbox) if (owner === worker) this.bySandbox.delete(id);
    const place = placeOf(worker.pod, worker.source);
    const next = this.queued.get(place);
    this.queued.delete(place);
    if (next) this.start(next.pod, next.source);
    for (const resolve of this.idle.splice(0)) resolve();
  }
}
