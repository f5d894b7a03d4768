import { done, forEachBounded, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { Context } from '@binnacle/machinery-context';
import { FOREGROUND_FINALIZER, type KubeObject, ORPHAN_FINALIZER, type OwnerReference } from '@binnacle/machinery-meta';
import type { AbsentOwners } from './absent-owners.js';
import { type GraphNode, type OwnerGraph, refersTo } from './graph.js';
import type { ObjectWriter } from './object-writer.js';
import { type OwnerState, planItem } from './plan.js';
import { blocks } from './wakes.js';

const PARALLEL = 8;

export interface GarbageCollectorOptions {
  readonly graph: OwnerGraph;
  readonly writer: ObjectWriter;
  readonly owners: AbsentOwners;
  readonly wake: (uid: string) => void;
}

function isWaiting({ metadata }: KubeObject): boolean {
  return metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).includes(FOREGROUND_FINALIZER);
}

function stateFor({ blockOwnerDeletion }: OwnerReference, waits: boolean): OwnerState {
  return waits && blockOwnerDeletion ? 'waiting' : 'solid';
}

/** Keys are uids. Behaves as kubernetes pkg/controller/garbagecollector. */
export class GarbageCollectorReconciler implements Reconciler {
  constructor(private readonly options: GarbageCollectorOptions) {}

  async reconcile(ctx: Context, uid: string): Promise<Outcome> {
    const { graph, writer } = this.options;
    const node = graph.get(uid);
    if (!node || (node.deleting && !node.foreground && !node.orphaning)) return done;
    if (!node.orphaning && !node.foreground && node.owners.length === 0) return done;
    const object = await writer.fetch(ctx, node);
    if (!object) return done;
    if (node.orphaning) await this.orphanDependents(ctx, node, object);
    else if (node.foreground) await this.awaitDependents(ctx, node, object);
    else await this.judge(ctx, node, object);
    return done;
  }

  private async orphanDependents(ctx: Context, owner: GraphNode, object: KubeObject): Promise<void> {
    const { graph, writer } = this.options;
    await forEachBounded(graph.dependents(owner.uid), PARALLEL, async (dependent) => {
      const latest = await writer.fetch(ctx, dependent);
      if (latest) await writer.dropOwners(ctx, dependent, latest, [owner.uid]);
    });
    await writer.dropFinalizer(ctx, owner, object, ORPHAN_FINALIZER);
  }

  private async awaitDependents(ctx: Context, owner: GraphNode, object: KubeObject): Promise<void> {
    const blocking = this.options.graph.dependents(owner.uid).filter((dependent) => blocks(dependent, owner.uid));
    if (blocking.length === 0) {
      await this.options.writer.dropFinalizer(ctx, owner, object, FOREGROUND_FINALIZER);
      return;
    }
    for (const dependent of blocking) if (!dependent.deleting) this.options.wake(dependent.uid);
  }

  private async judge(ctx: Context, node: GraphNode, object: KubeObject): Promise<void> {
    const { graph, writer } = this.options;
    const references = object.metadata.ownerReferences ?? [];
    const owners = await Promise.all(
      references.map(async (reference) => ({ reference, state: await this.stateOf(ctx, node, reference) })),
    );
    const dependents = graph.dependents(node.uid);
    const action = planItem(object, owners, dependents.length > 0);
    if (action.kind === 'drop-references') return writer.dropOwners(ctx, node, object, action.uids);
    if (action.kind !== 'delete') return;
    const circle = action.propagation === 'Foreground' && dependents.some(({ foreground }) => foreground);
    if (circle) {
      await writer.unblockOwners(ctx, node, object);
      this.options.wake(node.uid);
      const unblocked = await writer.fetch(ctx, node);
      if (unblocked) await writer.delete(ctx, node, unblocked, action.propagation);
      return;
    }
    await writer.delete(ctx, node, object, action.propagation);
  }

  private async stateOf(ctx: Context, dependent: GraphNode, reference: OwnerReference): Promise<OwnerState> {
    const known = this.options.graph.get(reference.uid);
    if (known && refersTo(dependent, reference, known)) return stateFor(reference, known.foreground);
    const answer = await this.options.owners.ask(ctx, dependent, reference);
    if (answer === 'absent') return 'absent';
    return stateFor(reference, answer !== 'unreachable' && isWaiting(answer));
  }
}
