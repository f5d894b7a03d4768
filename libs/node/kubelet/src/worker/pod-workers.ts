import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podFullName, podUid } from '../pod/identity.js';
import { PodWorker, type StopRequest } from './pod-worker.js';
import type { NodeServices } from './services.js';

/** One worker per Pod. Two Pods of one name follow each other: the second waits until nothing is left of the first. */
export class PodWorkers {
  private readonly workers = new Map<string, PodWorker>();
  private readonly bySandbox = new Map<string, PodWorker>();
  private readonly queued = new Map<string, Pod>();
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
  update(pod: Pod): void {
    const known = this.workers.get(podUid(pod));
    if (known) return known.update(pod);
    const name = podFullName(pod);
    if (this.list().some((worker) => podFullName(worker.pod) === name)) this.queued.set(name, pod);
    else this.start(pod);
  }

  /** A Pod this node is no longer to run. */
  stop(uid: string, request: StopRequest): void {
    for (const [name, pod] of this.queued) if (podUid(pod) === uid) this.queued.delete(name);
    this.workers.get(uid)?.stop(request);
  }

  get(uid: string): PodWorker | undefined {
    return this.workers.get(uid);
  }

  find(fullName: string): PodWorker | undefined {
    return this.list().find((worker) => podFullName(worker.pod) === fullName);
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

  private start(pod: Pod): void {
    const worker = new PodWorker(
      this.node,
      pod,
      (ended) => this.removed(ended),
      (sandboxId) => this.bySandbox.set(sandboxId, worker),
    );
    this.workers.set(podUid(pod), worker);
    worker.update(pod);
  }

  private removed(worker: PodWorker): void {
    this.workers.delete(podUid(worker.pod));
    for (const [id, owner] of this.bySandbox) if (owner === worker) this.bySandbox.delete(id);
    const name = podFullName(worker.pod);
    const next = this.queued.get(name);
    this.queued.delete(name);
    if (next) this.start(next);
    for (const resolve of this.idle.splice(0)) resolve();
  }
}
