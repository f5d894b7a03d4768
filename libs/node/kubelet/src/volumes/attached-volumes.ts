import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { Context } from '@binnacle/machinery-context';

/** As long as upstream's kubelet waits before it says so. */
const ATTACH_TIMEOUT_MILLISECONDS = 123_000;

/** What the node's object says of volumes, by the names `uniqueVolumeName` gives. */
type Told = Pick<NonNullable<Node['status']>, 'volumesAttached' | 'volumesInUse'>;

/**
 * The volumes that somebody has to attach to the node before its Pods mount them: says which are in use, and waits until they are
 * there. Behaves as kubernetes pkg/kubelet/volumemanager with attachments by the controller.
 */
export class AttachedVolumes {
  /** The Pods that use a volume, by their uids. */
  private readonly uses = new Map<string, Set<string>>();
  private readonly waiters = new Set<() => void>();
  private told: Told = {};
  private report: () => void = () => undefined;

  /** Sorted, as the node is to tell them. */
  get inUse(): string[] {
    return [...this.uses.keys()].sort();
  }

  /** `report` is called whenever `inUse` has changed. */
  onChange(report: () => void): void {
    this.report = report;
  }

  /** What the node's object says now. */
  update(node: Node): void {
    this.told = node.status ?? {};
    for (const wake of [...this.waiters]) wake();
  }

  /** Resolves once a volume is attached for a Pod, which has it until `release`. Rejects where that takes too long. */
  async require(ctx: Context, podUid: string, volume: string): Promise<void> {
    this.use(podUid, volume);
    if (this.isThere(volume)) return;
    await this.waitFor(ctx, volume);
  }

  /** The Pod is over: its volumes may be taken from the node, where no other uses them. */
  release(podUid: string): void {
    const before = this.uses.size;
    for (const [volume, pods] of this.uses) if (pods.delete(podUid) && pods.size === 0) this.uses.delete(volume);
    if (this.uses.size !== before) this.report();
  }

  private use(podUid: string, volume: string): void {
    const pods = this.uses.get(volume) ?? new Set();
    this.uses.set(volume, pods.add(podUid));
    if (pods.size === 1) this.report();
  }

  /** Also told to be in use: what is not may be taken away at any time. */
  private isThere(volume: string): boolean {
    const { volumesAttached = [], volumesInUse = [] } = this.told;
    return volumesInUse.includes(volume) && volumesAttached.some(({ name }) => name === volume);
  }

  private waitFor(ctx: Context, volume: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (ended: () => void) => {
        this.waiters.delete(look);
        cancel();
        ctx.signal.removeEventListener('abort', aborted);
        ended();
      };
      const aborted = () => end(() => reject(ctx.signal.reason));
      const look = () => {
        if (this.isThere(volume)) end(resolve);
      };
      const late = () => end(() => reject(new Error('context deadline exceeded')));
      const cancel = ctx.clock.after(ATTACH_TIMEOUT_MILLISECONDS, late);
      this.waiters.add(look);
      ctx.signal.addEventListener('abort', aborted, { once: true });
      if (ctx.signal.aborted) aborted();
    });
  }
}
