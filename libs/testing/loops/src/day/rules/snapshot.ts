import type { Namespace, Node, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import type { ResourceRef } from '@binnacle/client-rest';
import type { KubeObject } from '@binnacle/machinery-meta';
import type { Machine } from '../cluster/machine.js';
import type { SimulatedCluster } from '../cluster/simulated-cluster.js';

export const keyOf = ({ metadata: { namespace, name } }: KubeObject): string =>
  namespace ? `${namespace}/${name}` : String(name);

export const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';
/** Counts towards what its controller wants. */
export const isActive = (pod: Pod): boolean => !isOver(pod) && !pod.metadata.deletionTimestamp;
export const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') === true;
/** Counts towards a budget, and is sent what its Service gets. */
export const isHealthy = (pod: Pod): boolean => isActive(pod) && isReady(pod);

/** All there is in the store at one moment, looked up by what the rules ask for. */
export class Snapshot {
  private readonly owned = new Map<string, Pod[]>();
  private readonly ending: ReadonlySet<string>;
  readonly pods: readonly Pod[];
  readonly nodes: ReadonlyMap<string, Node>;
  readonly now: number;

  constructor(readonly cluster: SimulatedCluster) {
    this.now = cluster.now;
    this.pods = this.list<Pod>(refs.pods);
    this.nodes = new Map(this.list<Node>(refs.nodes).map((node) => [node.metadata.name ?? '', node]));
    const namespaces = this.list<Namespace>(refs.namespaces);
    this.ending = new Set(namespaces.filter(isEnding).map(({ metadata }) => metadata.name ?? ''));
    for (const pod of this.pods) {
      const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
      if (owner) this.owned.set(owner, [...(this.owned.get(owner) ?? []), pod]);
    }
  }

  list<T extends KubeObject>(ref: ResourceRef, namespace?: string): T[] {
    return this.cluster.view.list<T>(ref, namespace);
  }

  /** The Pods an object controls, whatever they are at. */
  podsOf({ metadata }: KubeObject): readonly Pod[] {
    return this.owned.get(metadata.uid ?? '') ?? [];
  }

  /** Whether the object, or its namespace, is on its way out. */
  isEnding(object: KubeObject): boolean {
    return isEnding(object) || this.ending.has(object.metadata.namespace ?? '');
  }

  machineOf({ spec }: Pod): Machine | undefined {
    return this.cluster.machines.get(spec?.nodeName ?? '');
  }

  /** Whether the Pod's kubelet has been at work for so long: what it must do it has done. */
  isTended(pod: Pod, milliseconds: number): boolean {
    const machine = this.machineOf(pod);
    return machine?.isHeard === true && this.now - machine.changedAt >= milliseconds;
  }

  since(time: string | undefined): number {
    return time === undefined ? 0 : this.now - Date.parse(time);
  }
}

const isEnding = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;
