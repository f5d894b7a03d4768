import type { Node, PersistentVolume, Pod } from '@binnacle/apis-kubernetes/core/v1';
import { podReferences, type ReferenceKind } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import type { VolumeAttachment } from '@binnacle/apis-kubernetes/storage/v1';
import type { Context } from '@binnacle/machinery-context';
import { type Key, parseBody, type Scope, type StorageReader, type StoredObject } from '@binnacle/server-storage';
import { carriesClaim, type NodeClaim, type NodeIdentity } from './node-identity.js';

const NODE_FIELD = 'spec.nodeName';
const claims = new WeakMap<StoredObject, NodeClaim>();
const references = new WeakMap<StoredObject, ReadonlySet<string>>();

function remembered<T>(memory: WeakMap<StoredObject, T>, stored: StoredObject, make: () => T): T {
  const known = memory.get(stored);
  if (known !== undefined) return known;
  const made = make();
  memory.set(stored, made);
  return made;
}

export function claimOf({ metadata, spec, status }: Node): NodeClaim {
  const { name = '' } = metadata;
  return {
    name,
    providerId: spec?.providerID ?? '',
    runtimeVersion: status?.nodeInfo?.containerRuntimeVersion ?? '',
  };
}

const referencesOf = (stored: StoredObject) =>
  remembered(references, stored, () => podReferences(parseBody(stored) as unknown as Pod));

/** What is looked for, in one namespace of one logical cluster. */
export interface Wanted {
  readonly cluster: string;
  readonly kind: ReferenceKind;
  readonly namespace: string;
  readonly name: string;
}

const nodeNameOf = (pod: StoredObject): string => pod.attributes.fields[NODE_FIELD] ?? '';

/** Names are plain in a body: most Pods need not be parsed to know that they do not name it. */
function mayName(pod: StoredObject, { kind, name }: Wanted): boolean {
  return kind === 'persistentvolumeclaims' || pod.body.includes(`"${name}"`);
}

/**
 * Which objects lead to which nodes, read from the cache of Pods and Nodes whenever it is asked: nothing is kept that could be
 * stale. What the cache does not know is looked up once more before it is refused.
 */
export class NodeGraph {
  constructor(private readonly storage: StorageReader) {}

  /** Whether the caller answers for a node; false for one that is not there, unless it is the caller's own. */
  async carries(ctx: Context, cluster: string, caller: NodeIdentity, node: string): Promise<boolean> {
    if (caller.kind === 'node') return caller.name !== '' && caller.name === node;
    const stored = await this.node(ctx, cluster, node);
    return stored !== undefined && this.carriesStored(caller, stored);
  }

  /** Whether the caller may look at a Node: its own, and to find out that there is none yet. */
  async mayRead(ctx: Context, cluster: string, caller: NodeIdentity, node: string): Promise<boolean> {
    if (caller.kind === 'node') return caller.name !== '' && caller.name === node;
    const stored = await this.node(ctx, cluster, node);
    return stored === undefined || this.carriesStored(caller, stored);
  }

  async node(ctx: Context, cluster: string, name: string): Promise<StoredObject | undefined> {
    return await this.find(ctx, { cluster, resource: 'nodes', namespace: '', name });
  }

  async pod(ctx: Context, cluster: string, namespace: string, name: string): Promise<StoredObject | undefined> {
    return await this.find(ctx, { cluster, resource: 'pods', namespace, name });
  }

  /** Whether the devices of a slice are at a node of the caller's. */
  async publishes(ctx: Context, cluster: string, caller: NodeIdentity, slice: string): Promise<boolean> {
    const key = { cluster, resource: 'resource.k8s.io/resourceslices', namespace: '', name: slice };
    const stored = this.storage.peek(key) ?? (await this.storage.get(ctx, key, { at: 'latest' }));
    const node = stored?.attributes.fields[NODE_FIELD] ?? '';
    return node !== '' && (await this.carries(ctx, cluster, caller, node));
  }

  /** Whether a Pod is bound to a node of the caller's. */
  async runs(ctx: Context, caller: NodeIdentity, pod: StoredObject): Promise<boolean> {
    const node = nodeNameOf(pod);
    return node !== '' && (await this.carries(ctx, pod.key.cluster, caller, node));
  }

  /** Whether a Pod on a node of the caller's leads to an object. */
  async reaches(ctx: Context, caller: NodeIdentity, wanted: Wanted): Promise<boolean> {
    const scope = this.scope(caller, wanted);
    const known = this.storage.peekAll(scope) ?? [];
    if (await this.leads(ctx, caller, known, wanted)) return true;
    const { items } = await this.storage.list(ctx, scope, { revision: { at: 'latest' } });
    return await this.leads(ctx, caller, items, wanted);
  }

  /** Whether a volume is that of a claim which a Pod on a node of the caller's has. */
  async reachesVolume(ctx: Context, caller: NodeIdentity, cluster: string, name: string): Promise<boolean> {
    const stored = await this.find(ctx, { cluster, resource: 'persistentvolumes', namespace: '', name });
    const claim = stored && (parseBody(stored) as unknown as PersistentVolume).spec?.claimRef;
    if (!claim?.name || !claim.namespace) return false;
    const wanted = { cluster, kind: 'persistentvolumeclaims', namespace: claim.namespace, name: claim.name } as const;
    return await this.reaches(ctx, caller, wanted);
  }

  /** Whether an attachment is to a node of the caller's. */
  async isAttachedTo(ctx: Context, caller: NodeIdentity, cluster: string, name: string): Promise<boolean> {
    const stored = await this.find(ctx, { cluster, resource: 'storage.k8s.io/volumeattachments', namespace: '', name });
    const node = stored && (parseBody(stored) as unknown as VolumeAttachment).spec.nodeName;
    return Boolean(node) && (await this.carries(ctx, cluster, caller, node ?? ''));
  }

  private async find(ctx: Context, key: Key): Promise<StoredObject | undefined> {
    return this.storage.peek(key) ?? (await this.storage.get(ctx, key, { at: 'latest' }));
  }

  private scope({ kind, name }: NodeIdentity, { cluster, namespace }: Wanted): Scope {
    const scope = { cluster, resource: 'pods', namespace };
    if (kind === 'agent') return scope;
    const matches: Scope['matches'] = ({ fields }) => fields[NODE_FIELD] === name;
    return { ...scope, matches, index: { field: NODE_FIELD, value: name } };
  }

  private async leads(
    ctx: Context,
    caller: NodeIdentity,
    pods: readonly StoredObject[],
    wanted: Wanted,
  ): Promise<boolean> {
    for (const pod of pods) {
      if (nodeNameOf(pod) === '' || !mayName(pod, wanted)) continue;
      if (referencesOf(pod).has(`${wanted.kind}/${wanted.name}`) && (await this.runs(ctx, caller, pod))) return true;
    }
    return false;
  }

  private carriesStored(caller: NodeIdentity, stored: StoredObject): boolean {
    return carriesClaim(
      caller,
      remembered(claims, stored, () => claimOf(parseBody(stored) as unknown as Node)),
    );
  }
}
