import type { Deployment, ReplicaSet } from '@binnacle/apis-kubernetes/apps/v1';
import { keyOf, type SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import { isAlreadyExists, isControlledBy, isNotFound } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import { replicasAnnotations } from './annotations.js';
import type { DeploymentEvents } from './events.js';
import { maxTotal, specReplicas, wanted } from './limits.js';
import { sameTemplate } from './replica-sets.js';
import type { Scale } from './rolling.js';

/** A set of that name exists and is not ours: another name is needed. */
export class HashCollision extends Error {}

/** Writes ReplicaSets of Deployments and waits until the local copy has what was written. */
export class SetWriter {
  constructor(
    private readonly client: ResourceClient<ReplicaSet>,
    private readonly informer: SharedInformer<ReplicaSet>,
    private readonly events: DeploymentEvents,
  ) {}

  /** Makes the set, or takes the one that an earlier, unseen attempt made. */
  async create(ctx: Context, deployment: Deployment, set: ReplicaSet): Promise<ReplicaSet> {
    try {
      const made = await this.seen(ctx, await this.client.create(ctx, set));
      if (specReplicas(made) > 0) this.events.scaled(deployment, made.metadata.name ?? '', 0, specReplicas(made));
      return made;
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const { name = '', namespace } = set.metadata;
      const existing = await this.client.get(ctx, { name, namespace });
      const ours = isControlledBy(existing, deployment) && sameTemplate(existing.spec?.template, set.spec?.template);
      if (!ours) throw new HashCollision(`ReplicaSet "${name}" exists with another template`);
      return existing;
    }
  }

  async update(ctx: Context, set: ReplicaSet): Promise<ReplicaSet> {
    return this.seen(ctx, await this.client.update(ctx, set));
  }

  /** Sets the size and remembers for which wanted count; does nothing where both are right already. */
  async scale(ctx: Context, deployment: Deployment, { set, to }: Scale): Promise<ReplicaSet> {
    const annotations = replicasAnnotations(set, wanted(deployment), maxTotal(deployment));
    const from = specReplicas(set);
    if (from === to && semanticEqual(annotations, set.metadata.annotations)) return set;
    const next = {
      ...set,
      metadata: { ...set.metadata, annotations },
      ...(set.spec && { spec: { ...set.spec, replicas: to } }),
    };
    const written = await this.update(ctx, next);
    if (from !== to) this.events.scaled(deployment, set.metadata.name ?? '', from, to);
    return written;
  }

  async delete(ctx: Context, set: ReplicaSet): Promise<void> {
    const { name = '', namespace, uid } = set.metadata;
    try {
      await this.client.delete(ctx, { name, namespace }, { preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const gone = (now: ReplicaSet | undefined) => now?.metadata.uid !== uid || Boolean(now?.metadata.deletionTimestamp);
    await this.informer.waitForObject(ctx, keyOf(set), gone);
  }

  private async seen(ctx: Context, written: ReplicaSet): Promise<ReplicaSet> {
    await this.informer.waitFor(ctx, written.metadata.resourceVersion ?? '0');
    return written;
  }
}
