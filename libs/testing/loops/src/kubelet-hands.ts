import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { KubeClient } from '@binnacle/client-rest';
import { type Context, formatTime } from '@binnacle/machinery-context';

type Is = (pod: Pod) => boolean;
const every: Is = () => true;

/** Does by hand what a scheduler and kubelets would do to Pods, when a test says so. */
export class KubeletHands {
  private addresses = 0;

  constructor(
    private readonly ctx: Context,
    private readonly client: KubeClient,
  ) {}

  /** Binds Pods that have no node, and says that they run and are ready. Answers how many. */
  run(chosen: Is = every, node = 'node-1'): Promise<number> {
    return this.each(
      (pod) => pod.status?.phase === 'Pending' && !pod.metadata.deletionTimestamp && chosen(pod),
      async (pod) => {
        if (!pod.spec?.nodeName) await this.bind(pod, node);
        this.addresses += 1;
        const podIP = `10.244.${this.addresses >> 8}.${this.addresses & 255}`;
        await this.report(pod, { phase: 'Running', podIP, podIPs: [{ ip: podIP }] }, 'True');
      },
    );
  }

  /** Pods stop being ready. */
  unready(chosen: Is = every): Promise<number> {
    return this.each(
      (pod) => pod.status?.phase === 'Running' && chosen(pod),
      (pod) => this.report(pod, {}, 'False'),
    );
  }

  /** Pods end, well or badly. */
  finish(phase: 'Succeeded' | 'Failed', chosen: Is = every): Promise<number> {
    return this.each(chosen, (pod) => this.report(pod, { phase }, 'False'));
  }

  /** Lets go of Pods that are on their way out. */
  stop(chosen: Is = every): Promise<number> {
    return this.each(
      (pod) => pod.metadata.deletionTimestamp !== undefined && chosen(pod),
      (pod) => this.pods.delete(this.ctx, nameOf(pod), { gracePeriodSeconds: 0 }),
    );
  }

  private get pods() {
    return this.client.resource<Pod>(refs.pods);
  }

  private async each(chosen: Is, act: (pod: Pod) => Promise<unknown>): Promise<number> {
    const pods = (await this.pods.list(this.ctx)).items.filter(chosen);
    for (const pod of pods) await act(pod);
    return pods.length;
  }

  private async bind(pod: Pod, node: string): Promise<void> {
    const target = { apiVersion: 'v1', kind: 'Node', name: node };
    const binding = { apiVersion: 'v1', kind: 'Binding', metadata: nameOf(pod), target };
    await this.pods.createSubresource(this.ctx, nameOf(pod), 'binding', binding);
  }

  private report(pod: Pod, status: object, ready: 'True' | 'False'): Promise<Pod> {
    const lastTransitionTime = formatTime(this.ctx.clock.now());
    const conditions = [{ type: 'Ready', status: ready, lastTransitionTime }];
    return this.pods.patch(this.ctx, nameOf(pod), 'strategic', { status: { ...status, conditions } }, 'status');
  }
}

const nameOf = ({ metadata: { name = '', namespace } }: Pod) => ({ name, namespace });
