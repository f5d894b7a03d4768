import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import type { SharedInformer } from '@binnacle/client-informers';
import { type Caller, type Inhabitant, joinLinks, type Path, type Paths } from '@binnacle/node-runtime-sim';
import { Cable } from './cable.js';

/**
 * The links of one cluster's simulated network, as annotations of its Nodes and Pods tell of them. Those of a node lead to other nodes
 * and to the machine; those of a Pod lead to everybody else.
 */
export class ClusterLinks implements Paths {
  private readonly ofNodes = new Map<string, Cable>();
  private readonly ofPods = new WeakMap<Inhabitant, Cable>();

  constructor(
    /** The node whose own address it is. */
    private readonly nodeAt: (ip: string) => string | undefined,
  ) {}

  /** Heeds what is said of a node, or of several. */
  follow(nodes: Pick<SharedInformer<Node>, 'addHandler'>): void {
    const seen = ({ metadata: { name = '', annotations } }: Node) => {
      const known = this.ofNodes.get(name);
      // What is on its way keeps others waiting still where nothing has changed.
      if (!known?.isOf(annotations)) this.ofNodes.set(name, Cable.ofNode(annotations));
    };
    const gone = ({ metadata: { name = '' } }: Node) => void this.ofNodes.delete(name);
    nodes.addHandler({ added: seen, updated: seen, deleted: gone });
  }

  between({ host, inhabitant }: Caller, self: Inhabitant): Path | undefined {
    if (inhabitant?.uid === self.uid) return undefined;
    const node = inhabitant?.node ?? this.nodeAt(host);
    const isWithin = node === self.node;
    const near = [this.ofPod(inhabitant), isWithin ? undefined : this.ofNodes.get(node ?? '')].filter(isThere);
    const far = [isWithin ? undefined : this.ofNodes.get(self.node), this.ofPod(self)].filter(isThere);
    const links = [...near, ...far].map(({ link }) => link).filter(isThere);
    return joinLinks(links, {
      in: [...near.map(({ up }) => up), ...far.map(({ down }) => down)].filter(isThere),
      out: [...far.map(({ up }) => up), ...near.map(({ down }) => down)].filter(isThere),
    });
  }

  private ofPod(inhabitant: Inhabitant | undefined): Cable | undefined {
    if (!inhabitant) return undefined;
    const known = this.ofPods.get(inhabitant) ?? Cable.ofPod(inhabitant.annotations);
    this.ofPods.set(inhabitant, known);
    return known;
  }
}

const isThere = <T>(value: T | undefined): value is T => value !== undefined;
