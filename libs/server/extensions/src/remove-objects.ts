import {
  CLEANUP_FINALIZER,
  type CustomResourceDefinition,
  isTrue,
  type NewCondition,
  withCondition,
} from '@binnacle/apis-extensions';
import type { Registry, RequestContext, ResourceStore } from '@binnacle/server-registry';
import type { StoredObject } from '@binnacle/server-storage';
import type { DefinitionStore } from './definition-store.js';
import type { SharedKinds } from './shared-kinds.js';
import { isGoing, wholeDefinition } from './stored-definitions.js';

/** How long objects may take to go before the definition says that they do not. */
const PATIENCE_MILLISECONDS = 60_000;

const terminating = (status: 'True' | 'False', reason: string, message: string): NewCondition => ({
  type: 'Terminating',
  status,
  reason,
  message,
});

const IN_PROGRESS = terminating('True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress');
const NEVER = terminating('False', 'NeverEstablished', 'resource was never established');
const DONE = terminating('False', 'InstanceDeletionCompleted', 'removed all instances');
const STUCK = terminating(
  'True',
  'InstanceDeletionCheck',
  'could not confirm zero CustomResources remaining: timed out waiting for the condition',
);

function saying(definition: CustomResourceDefinition, condition: NewCondition, now: number): CustomResourceDefinition {
  const { status = {} } = definition;
  return {
    ...definition,
    status: { ...status, conditions: [...withCondition(status.conditions ?? [], condition, now)] },
  };
}

function released(definition: CustomResourceDefinition): CustomResourceDefinition {
  const finalizers = (definition.metadata.finalizers ?? []).filter((name) => name !== CLEANUP_FINALIZER);
  return { ...definition, metadata: { ...definition.metadata, finalizers } };
}

/**
 * Removes all objects of definitions that are going, and lets those go then.
 * Behaves as kubernetes apiextensions-apiserver pkg/controller/finalizer.
 */
export class RemoveObjects {
  constructor(
    private readonly registry: Pick<Registry, 'ofSet'>,
    private readonly kinds: SharedKinds,
    private readonly definitions: DefinitionStore,
  ) {}

  /** True where the definition went; else objects are left, which wait for their own finalizers. */
  async remove(ctx: RequestContext, stored: StoredObject): Promise<boolean> {
    const definition = wholeDefinition(stored);
    const name = definition.metadata.name ?? '';
    if (!isTrue(definition, 'Established')) return this.finish(ctx, name, NEVER);
    await this.say(ctx, name, IN_PROGRESS);
    const store = this.storeOf(definition);
    await store.deleteCollection(ctx, {});
    const { items } = await store.list(ctx, {}, { revision: { at: 'latest' }, limit: 1 });
    if (items.length === 0) return this.finish(ctx, name, DONE);
    if (ctx.clock.now() - began(definition) > PATIENCE_MILLISECONDS) await this.say(ctx, name, STUCK);
    return false;
  }

  private storeOf(definition: CustomResourceDefinition): ResourceStore {
    const stores = this.registry.ofSet(this.kinds.storedAs(definition)).all();
    const [store] = stores;
    if (!store) throw new Error(`${definition.metadata.name} has no storage version`);
    return store;
  }

  private async say(ctx: RequestContext, name: string, condition: NewCondition): Promise<void> {
    await this.definitions.change(ctx, name, (current) =>
      isGoing(current) && !isStuck(current) ? saying(current, condition, ctx.clock.now()) : undefined,
    );
  }

  private async finish(ctx: RequestContext, name: string, condition: NewCondition): Promise<boolean> {
    await this.definitions.change(ctx, name, (current) =>
      isGoing(current) ? released(saying(current, condition, ctx.clock.now())) : undefined,
    );
    return true;
  }
}

const began = ({ metadata }: CustomResourceDefinition): number => Date.parse(metadata.deletionTimestamp ?? '');

const isStuck = ({ status }: CustomResourceDefinition): boolean =>
  status?.conditions?.some(({ reason }) => reason === STUCK.reason) ?? false;
