import type { Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_CONFIG_HASH, ANNOTATION_CONFIG_MIRROR } from '@binnacle/apis-kubernetes/well-known';
import type { ResourceClient } from '@binnacle/client-rest';
import type { CancelTimer, Context } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import { isMirrorPod, podFullName, podName, podNamespace, podUid } from '../pod/identity.js';
import type { ApiIdentity } from '../status/status-manager.js';

const RETRY_MILLISECONDS = 2000;

/** The object that shows a static Pod to API clients. */
export function mirrorPod(pod: Pod, node: Node): Pod {
  const { name, namespace, labels, annotations } = pod.metadata ?? {};
  const hash = annotations?.[ANNOTATION_CONFIG_HASH] ?? '';
  const owner = { apiVersion: 'v1', kind: 'Node', name: node.metadata?.name ?? '', uid: node.metadata?.uid ?? '' };
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      labels,
      annotations: { ...annotations, [ANNOTATION_CONFIG_MIRROR]: hash },
      ownerReferences: [{ ...owner, controller: true }],
    },
    spec: pod.spec,
  };
}

/** What anybody else made in a mirror Pod's place shows nothing. */
function isOwnedBy({ metadata }: Pod, node: Node | undefined): boolean {
  if (!node) return true;
  const { name, uid } = node.metadata;
  return (
    metadata.ownerReferences?.some((owner) => owner.controller && owner.name === name && owner.uid === uid) === true
  );
}

export interface MirrorPodOptions {
  readonly pods: ResourceClient<Pod>;
  readonly node: () => Node | undefined;
  readonly staticPods: () => readonly Pod[];
  /** Told when a mirror Pod appeared. */
  readonly changed: () => void;
}

/** Keeps one mirror Pod for each static Pod of the node, as soon as there is an API server and for as long. */
export class MirrorPods {
  private readonly mirrors = new Map<string, Pod>();
  private active = false;
  private dirty = false;
  private synced = false;
  private cancel: CancelTimer = () => undefined;

  constructor(
    private readonly ctx: Context,
    private readonly options: MirrorPodOptions,
  ) {}

  /** An object of this node as an informer tells it. */
  observe(pod: Pod): void {
    const isNew = this.mirrors.get(podFullName(pod))?.metadata?.uid !== pod.metadata?.uid;
    this.mirrors.set(podFullName(pod), pod);
    if (isNew) this.options.changed();
    if (this.isStale(pod)) this.wake();
  }

  gone(pod: Pod): void {
    if (podUid(this.mirrors.get(podFullName(pod)) ?? pod) === podUid(pod)) this.mirrors.delete(podFullName(pod));
    this.wake();
  }

  /** The node's Pods have been listed: what is not known now is not there. */
  start(): void {
    this.synced = true;
    this.wake();
  }

  identity(pod: Pod): ApiIdentity | undefined {
    const mirror = this.mirrors.get(podFullName(pod));
    if (!mirror || this.isStale(mirror)) return undefined;
    return { name: podName(mirror), namespace: podNamespace(mirror), uid: podUid(mirror), status: mirror.status };
  }

  wake(): void {
    this.dirty = true;
    if (!this.active && this.synced) void this.run();
  }

  private isStale(mirror: Pod): boolean {
    const wanted = this.options.staticPods().find((pod) => podFullName(pod) === podFullName(mirror));
    const hash = mirror.metadata?.annotations?.[ANNOTATION_CONFIG_MIRROR];
    return (
      !isOwnedBy(mirror, this.options.node()) ||
      hash !== wanted?.metadata?.annotations?.[ANNOTATION_CONFIG_HASH] ||
      mirror.metadata?.deletionTimestamp !== undefined
    );
  }

  private async run(): Promise<void> {
    this.active = true;
    this.cancel();
    while (this.dirty && !this.ctx.signal.aborted) {
      this.dirty = false;
      await this.reconcile().catch((error: unknown) => {
        this.ctx.logger.debug('mirror Pods could not be kept', { error });
        this.cancel = this.ctx.clock.after(RETRY_MILLISECONDS, () => this.wake());
      });
    }
    this.active = false;
  }

  private async reconcile(): Promise<void> {
    const node = this.options.node();
    if (!node) throw new Error('the node is not registered yet');
    for (const mirror of [...this.mirrors.values()].filter((pod) => this.isStale(pod))) await this.remove(mirror);
    const missing = this.options.staticPods().filter((pod) => !this.mirrors.has(podFullName(pod)));
    await Promise.all(missing.map((pod) => this.create(pod, node)));
  }

  private async create(pod: Pod, node: Node): Promise<void> {
    const created = await this.options.pods.create(this.ctx, mirrorPod(pod, node));
    if (isMirrorPod(created)) this.observe(created);
  }

  private async remove(mirror: Pod): Promise<void> {
    const name = { name: podName(mirror), namespace: podNamespace(mirror) };
    const options = { gracePeriodSeconds: 0, preconditions: { uid: podUid(mirror) } };
    await this.options.pods.delete(this.ctx, name, options).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
    this.mirrors.delete(podFullName(mirror));
    this.dirty = true;
  }
}
