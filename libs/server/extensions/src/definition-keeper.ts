import { type CustomResourceDefinition, isTrue, planStatus, takenNames } from '@binnacle/apis-extensions';
import { type CancelTimer, type Context, withSignal } from '@binnacle/machinery-context';
import { isNotFound } from '@binnacle/machinery-meta';
import { type RequestContext, systemContext } from '@binnacle/server-registry';
import type { ResourceListening, StorageReader, StoredObject } from '@binnacle/server-storage';
import type { DefinitionStore } from './definition-store.js';
import type { RemoveObjects } from './remove-objects.js';
import { DEFINITIONS_RESOURCE, definitionsOf, isGoing, readDefinition, wholeDefinition } from './stored-definitions.js';

const RETRY_MILLISECONDS = 1000;

/** A definition as it was stored, and as it is known to be now. */
interface Entry {
  readonly stored: StoredObject;
  definition: CustomResourceDefinition;
}

export interface KeeperParts {
  readonly source: Pick<StorageReader, 'peekAll'> & ResourceListening;
  readonly definitions: DefinitionStore;
  readonly objects: RemoveObjects;
}

/** The oldest first: who came first has the names. */
function compareAge(left: CustomResourceDefinition, right: CustomResourceDefinition): number {
  const [ours, theirs] = [left, right].map(({ metadata }) => `${metadata.creationTimestamp} ${metadata.name}`);
  return (ours ?? '') < (theirs ?? '') ? -1 : 1;
}

/**
 * Says of every definition what the server has to say of it, and takes those away that are going: whenever a cluster's
 * definitions change, and when the cluster becomes known here. Every replica does so; whoever is later finds it done.
 */
export class DefinitionKeeper {
  private readonly due = new Set<string>();
  private readonly stopping = new AbortController();
  private readonly ctx: Context;
  private working: Promise<void> | undefined;
  /** Of which all is said that does not depend on others. */
  private readonly settled = new WeakSet<StoredObject>();
  private readonly retries = new Map<string, CancelTimer>();
  private stopListening: () => void = () => undefined;

  constructor(
    ctx: Context,
    private readonly parts: KeeperParts,
  ) {
    this.ctx = withSignal(ctx, AbortSignal.any([ctx.signal, this.stopping.signal]));
  }

  start(): void {
    this.stopListening = this.parts.source.onChange(DEFINITIONS_RESOURCE, (cluster) => this.lookIn(cluster));
  }

  async stop(): Promise<void> {
    this.stopListening();
    this.stopping.abort(new Error('the API server stops'));
    for (const cancel of this.retries.values()) cancel();
    await this.working;
  }

  /** Does all that is to be done in a cluster now; false where something has to be looked at again. */
  async keep(cluster: string): Promise<boolean> {
    const objects = this.parts.source.peekAll(definitionsOf(cluster)) ?? [];
    const entries = objects.map((stored) => ({ stored, definition: readDefinition(stored).head }));
    entries.sort((left, right) => compareAge(left.definition, right.definition));
    const ctx = systemContext(this.ctx, cluster);
    let isDone = true;
    for (const entry of entries) {
      this.ctx.signal.throwIfAborted();
      entry.definition = (await this.settle(ctx, entry, entries)) ?? entry.definition;
      if (isGoing(entry.definition)) isDone = (await this.parts.objects.remove(ctx, entry.stored)) && isDone;
    }
    return isDone;
  }

  private lookIn(cluster: string): void {
    if (this.ctx.signal.aborted || this.due.has(cluster)) return;
    this.due.add(cluster);
    this.working ??= this.work();
  }

  private async work(): Promise<void> {
    // What changed is told of while it is being stored: whoever stores it comes first.
    await Promise.resolve();
    for (const cluster of this.due) {
      this.due.delete(cluster);
      if (!(await this.tryToKeep(cluster))) this.retry(cluster);
    }
    this.working = undefined;
  }

  private async tryToKeep(cluster: string): Promise<boolean> {
    try {
      return await this.keep(cluster);
    } catch (error) {
      if (this.ctx.signal.aborted || isNotFound(error)) return true;
      this.ctx.logger.warn('the definitions of a cluster cannot be kept', { cluster, error });
      return false;
    }
  }

  private retry(cluster: string): void {
    this.retries.get(cluster)?.();
    const cancel = this.ctx.clock.after(RETRY_MILLISECONDS, () => {
      this.retries.delete(cluster);
      this.lookIn(cluster);
    });
    this.retries.set(cluster, cancel);
  }

  /** The definition with the status it gets; undefined where it is as it should be, or gone. */
  private async settle(
    ctx: RequestContext,
    { stored, definition }: Entry,
    all: readonly Entry[],
  ): Promise<CustomResourceDefinition | undefined> {
    if (this.settled.has(stored) && isTrue(definition, 'NamesAccepted')) return undefined;
    const taken = takenNames(
      definition.spec.group,
      all.map((entry) => entry.definition),
    );
    const plan = (current: CustomResourceDefinition) => planStatus(current, taken, ctx.clock.now());
    if (!plan(wholeDefinition(stored))) {
      this.settled.add(stored);
      return undefined;
    }
    return this.parts.definitions.change(ctx, definition.metadata.name ?? '', (current) => {
      const status = plan(current);
      return status && { ...current, status };
    });
  }
}
