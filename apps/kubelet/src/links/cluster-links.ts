import type { Node } from '@binnacle/apis-kubernetes/core/v1';
import { ANNOTATION_LINK, type Link, LinkError, parseLink } from '@binnacle/apis-kubernetes/links';
import type { SharedInformer } from '@binnacle/client-informers';
import { type Caller, type Inhabitant, joinLinks, type Path, type Paths } from '@binnacle/node-runtime-sim';
import { ratesBetween } from './bandwidth.js';

type Annotations = Readonly<Record<string, string>>;

/** Undefined where nothing is said, or nothing that can be read: who wrote it was told. */
function linkIn(annotations: Annotations | undefined): Link | undefined {
  const text = annotations?.[ANNOTATION_LINK];
  if (text === undefined) return undefined;
  try {
    return parseLink(text);
  } catch (error) {
    if (error instanceof LinkError) return undefined;
    throw error;
  }
}

/**
 * The links of one cluster's simulated network, as annotations of its Nodes and Pods tell of them. Those of a node lead to other nodes
 * and to the machine; those of a Pod lead to everybody else.
 */
export class ClusterLinks implements Paths {
  private readonly ofNodes = new Map<string, Link>();

  constructor(
    /** The node whose own address it is. */
    private readonly nodeAt: (ip: string) => string | undefined,
  ) {}

  /** Heeds what is said of a node, or of several. */
  follow(nodes: Pick<SharedInformer<Node>, 'addHandler'>): void {
    const seen = ({ metadata: { name = '', annotations } }: Node) => this.keep(name, linkIn(annotations));
    const gone = ({ metadata: { name = '' } }: Node) => this.keep(name, undefined);
    nodes.addHandler({ added: seen, updated: seen, deleted: gone });
  }

  between({ host, inhabitant }: Caller, self: Inhabitant): Path | undefined {
    if (inhabitant?.uid === self.uid) return undefined;
    const node = inhabitant?.node ?? this.nodeAt(host);
    const nodes = node === self.node ? [] : [node && this.ofNodes.get(node), this.ofNodes.get(self.node)];
    const links = [linkIn(inhabitant?.annotations), ...nodes, linkIn(self.annotations)];
    const known = links.filter((link): link is Link => link !== undefined && link !== '');
    return joinLinks(known, ratesBetween(inhabitant?.annotations, self.annotations));
  }

  private keep(node: string, link: Link | undefined): void {
    if (link) this.ofNodes.set(node, link);
    else this.ofNodes.delete(node);
  }
}
