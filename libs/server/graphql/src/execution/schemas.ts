import type { ResourceSet } from '@binnacle/apis-registry';
import type { Registry, CallerContext, ResourceStores } from '@binnacle/server-registry';
import { assertValidSchema, type GraphQLSchema } from 'graphql';
import { POINTS } from '../cost/limits.js';
import type { Lane } from '../cost/pacer.js';
import { buildGraphqlSchema } from '../schema/build-schema.js';
import { ApolloRunner } from './apollo-runner.js';

/** What operations on one set of kinds are read and run with. */
export interface KindSchema {
  readonly schema: GraphQLSchema;
  readonly stores: ResourceStores;
  readonly apollo: ApolloRunner;
}

/** Each is some 3 MB, and made again in some 30 ms. */
const MOST_KEPT = 16;

function kindSchema(stores: ResourceStores): KindSchema {
  const schema = buildGraphqlSchema(stores);
  // Now: the first operation would wait for it.
  assertValidSchema(schema);
  return { schema, stores, apollo: new ApolloRunner(schema) };
}

/** The schema of each set of kinds, made when first asked for; clusters of equal kinds share it. */
export class Schemas {
  /** The schema of Kubernetes' own kinds, which is always there. */
  readonly builtin: KindSchema;
  /** Of other sets, the one used last at the end. */
  private readonly kept = new Map<ResourceSet, KindSchema>();

  constructor(
    private readonly registry: Registry,
    private readonly onInternalError: (error: unknown) => void = () => undefined,
  ) {
    this.builtin = kindSchema(registry.builtin);
  }

  /**
   * The schema of what the cluster of the context serves now; where it has to be made, the lane says when. Rejects with a
   * StatusError where there is no such cluster.
   */
  async of(ctx: CallerContext, lane?: Pick<Lane, 'step'>): Promise<KindSchema> {
    const set = await this.registry.setOf(ctx);
    const stores = this.registry.ofSet(set);
    if (stores === this.registry.builtin) return this.builtin;
    if (!this.kept.has(set)) await lane?.step(POINTS.schema);
    // Whoever waited may find that somebody else was first.
    const schema = this.kept.get(set) ?? this.make(stores);
    this.kept.delete(set);
    this.kept.set(set, schema);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= MOST_KEPT) break;
      this.kept.delete(oldest);
    }
    return schema;
  }

  /** Whatever custom kinds look like, Kubernetes' own are served. */
  private make(stores: ResourceStores): KindSchema {
    try {
      return kindSchema(stores);
    } catch (error) {
      this.onInternalError(error);
      return this.builtin;
    }
  }

  async stop(): Promise<void> {
    await Promise.all([this.builtin, ...this.kept.values()].map(({ apollo }) => apollo.stop()));
  }
}
