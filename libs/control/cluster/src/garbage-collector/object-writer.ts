import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { type DeletionPropagation, ignoreNotFound, type KubeObject, withoutFinalizer } from '@binnacle/machinery-meta';
import type { GraphNode } from './graph.js';

const nameOf = ({ name, namespace }: GraphNode) => ({ name, namespace });

/** The garbage collector's requests about objects of any kind. Objects that are gone or changed identity are left alone. */
export class ObjectWriter {
  constructor(private readonly client: KubeClient) {}

  /** The newest state; undefined when it is gone, or another now has its name. */
  async fetch(ctx: Context, node: GraphNode): Promise<KubeObject | undefined> {
    const found = await ignoreNotFound(this.client.resource(node.resource).get(ctx, nameOf(node)));
    return found?.metadata.uid === node.uid ? found : undefined;
  }

  async delete(
    ctx: Context,
    node: GraphNode,
    object: KubeObject,
    propagationPolicy: DeletionPropagation,
  ): Promise<void> {
    const preconditions = { uid: node.uid, resourceVersion: object.metadata.resourceVersion };
    const deleting = this.client
      .resource(node.resource)
      .delete(ctx, nameOf(node), { preconditions, propagationPolicy });
    await ignoreNotFound(deleting);
  }

  async dropOwners(ctx: Context, node: GraphNode, object: KubeObject, uids: readonly string[]): Promise<void> {
    const ownerReferences = (object.metadata.ownerReferences ?? []).filter(({ uid }) => !uids.includes(uid));
    await this.patch(ctx, node, object, { ownerReferences });
  }

  /** Stops blocking the owners, which breaks a circle of objects that wait for each other. */
  async unblockOwners(ctx: Context, node: GraphNode, object: KubeObject): Promise<void> {
    const ownerReferences = (object.metadata.ownerReferences ?? []).map((reference) => ({
      ...reference,
      blockOwnerDeletion: false,
    }));
    await this.patch(ctx, node, object, { ownerReferences });
  }

  async dropFinalizer(ctx: Context, node: GraphNode, object: KubeObject, finalizer: string): Promise<void> {
    await this.patch(ctx, node, object, { finalizers: withoutFinalizer(object.metadata.finalizers, finalizer) });
  }

  private async patch(ctx: Context, node: GraphNode, object: KubeObject, change: object): Promise<void> {
    const { resourceVersion } = object.metadata;
    const metadata = { uid: node.uid, resourceVersion, ...change };
    await ignoreNotFound(this.client.resource(node.resource).patch(ctx, nameOf(node), 'merge', { metadata }));
  }
}
