import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { createInformer } from '@binnacle/client-informers';
import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { formatTime, isConflict, isNotFound } from '@binnacle/machinery-meta';

export interface TestKubeletOptions {
  readonly node: string;
  /** Images whose Pods run and never become ready. */
  readonly broken?: readonly string[];
}

function bindingOf({ metadata: { name, namespace } }: Pod, node: string) {
  const target = { apiVersion: 'v1', kind: 'Node', name: node };
  return { apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace }, target };
}

function running(pod: Pod, podIP: string, ready: boolean, now: number): Pod {
  const condition = { type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: formatTime(now) };
  const status = { ...pod.status, phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions: [condition] };
  return { ...pod, status };
}

/** Binds Pods to one node, says that they run and are ready, and lets go of deleted ones: as little as controllers need. */
export function runTestKubelet(ctx: Context, client: KubeClient, options: TestKubeletOptions): void {
  const pods = client.resource<Pod>(refs.pods);
  const informer = createInformer(pods);
  let addresses = 1;
  const act = async (pod: Pod): Promise<unknown> => {
    const at = { name: pod.metadata.name ?? '', namespace: pod.metadata.namespace };
    if (pod.metadata.deletionTimestamp) return pods.delete(ctx, at, { gracePeriodSeconds: 0 });
    if (!pod.spec?.nodeName) return pods.createSubresource(ctx, at, 'binding', bindingOf(pod, options.node));
    if (pod.spec.nodeName !== options.node || pod.status?.phase === 'Running') return undefined;
    addresses += 1;
    const ready = !options.broken?.includes(pod.spec.containers[0]?.image ?? '');
    const address = `10.213.${addresses >> 8}.${addresses & 255}`;
    return pods.updateStatus(ctx, running(pod, address, ready, ctx.clock.now()));
  };
  const handle = (pod: Pod) => {
    act(pod).catch((error: unknown) => {
      if (!ctx.signal.aborted && !isNotFound(error) && !isConflict(error)) throw error;
    });
  };
  informer.addHandler({ added: handle, updated: handle });
  void informer.run(ctx);
}
