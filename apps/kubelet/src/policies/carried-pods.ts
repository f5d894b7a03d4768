import { type PolicyPod, policyPod } from '@binnacle/apis-network-policy';
import type { Pod } from '@binnacle/apis-kubernetes/core/v1';
import type { Informer } from '@binnacle/client-informers';
import type { Inhabitant } from '@binnacle/node-runtime-sim';

type Labels = Readonly<Record<string, string>>;

const isEqual = (one: Labels = {}, other: Labels = {}): boolean => {
  const keys = Object.keys(one);
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
};

/** The Pods of the nodes that this process carries, as policies see them. Their kubelets follow them already. */
export class CarriedPods {
  private readonly nodes = new Map<string, Informer<Pod>>();
  private readonly known = new WeakMap<object, PolicyPod>();

  /** Told when a Pod has other labels. */
  constructor(private readonly changed: () => void) {}

  /** A node that is started anew has another kubelet. */
  add(node: string, informer: Informer<Pod>): void {
    this.nodes.set(node, informer);
    informer.addHandler({
      updated: (pod, old) => {
        if (!isEqual(pod.metadata.labels, old.metadata.labels)) this.changed();
      },
    });
  }

  /** What it is now; one that is no more in the API but still runs, what it was when it began. */
  of(inhabitant: Inhabitant): PolicyPod {
    const { node, namespace, name, uid } = inhabitant;
    const pod = this.nodes.get(node)?.get(`${namespace}/${name}`);
    return pod?.metadata.uid === uid
      ? this.remembered(pod, () => ({ ...policyPod(pod), node }))
      : this.remembered(inhabitant, () => withoutObject(inhabitant));
  }

  private remembered(key: object, make: () => PolicyPod): PolicyPod {
    const known = this.known.get(key) ?? make();
    this.known.set(key, known);
    return known;
  }
}

function withoutObject({ namespace, name, labels, node, hostNetwork }: Inhabitant): PolicyPod {
  return { namespace, name, labels, node, hostNetwork, ports: [] };
}
