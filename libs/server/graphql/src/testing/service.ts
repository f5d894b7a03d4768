import { builtinResources } from '@binnacle/apis-kubernetes/kinds';
import { FakeClock, silentLogger } from '@binnacle/machinery-context';
import { newForbidden, type UnstructuredObject } from '@binnacle/machinery-meta';
import {
  admitEverything,
  asServer,
  fixedResourceSets,
  Registry,
  type RequestContext,
  systemContext,
} from '@binnacle/server-registry';
import { MemoryStorage } from '@binnacle/server-storage';
import { type Attempt, GraphqlService } from '../index.js';

export interface Answer {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: ReadonlyArray<{
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string; readonly status?: { readonly details?: unknown } };
  }>;
}

/** A GraphQL service of Kubernetes' own kinds over a store in memory. */
export interface TestService {
  readonly ctx: RequestContext;
  readonly clock: FakeClock;
  readonly registry: Registry;
  readonly storage: MemoryStorage;
  readonly service: GraphqlService;
  /** Everything that was asked of the rights, as `list pods`. */
  readonly attempts: string[];
  /** Says what is refused. */
  refuse: (attempt: Attempt) => boolean;
  ask(query: string, variables?: object): Promise<Answer>;
  /** What a query cost, in points. */
  cost(query: string): Promise<{ readonly estimated: number; readonly actual: number }>;
  /** Creates an object; its group and version are those of `resource`, as `apps/v1/replicasets`. */
  make(resource: string, object: object): Promise<UnstructuredObject>;
}

export async function startService(): Promise<TestService> {
  const clock = new FakeClock();
  const ctx = systemContext({ signal: new AbortController().signal, clock, logger: silentLogger }, 'main');
  const storage = new MemoryStorage();
  await storage.createCluster(ctx, 'main');
  const registry = new Registry({ sets: fixedResourceSets(builtinResources), storage, admission: admitEverything });
  const attempts: string[] = [];
  const service = new GraphqlService({
    registry,
    authorize: async (caller, attempt) => {
      attempts.push(`${attempt.verb} ${attempt.definition.names.plural}`);
      const resource = { group: attempt.definition.group, resource: attempt.definition.names.plural };
      if (made.refuse(attempt)) throw newForbidden(resource, attempt.name ?? '', 'not yours');
      return asServer(caller);
    },
  });
  const answerTo = async (query: string, variables: object) => {
    const headers = { 'content-type': 'application/json' };
    const body = Buffer.from(JSON.stringify({ query, variables }));
    const answer = await service.execute(ctx, { method: 'POST', headers, search: '', body });
    return JSON.parse(answer.body.toString()) as Answer & { extensions?: unknown };
  };
  const made: TestService = {
    ctx,
    clock,
    registry,
    storage,
    service,
    attempts,
    refuse: () => false,
    async ask(query, variables = {}) {
      const { extensions: _, ...told } = await answerTo(query, variables);
      return told;
    },
    async cost(query) {
      const { extensions } = await answerTo(query, {});
      return (extensions as { readonly cost: { readonly estimated: number; readonly actual: number } }).cost;
    },
    async make(resource, object) {
      const [plural = '', version = '', group = ''] = resource.split('/').reverse();
      const store = registry.get(group, version, plural);
      const namespace = store.definition.namespaced ? 'default' : '';
      const { kind } = store.definition.names;
      const draft = { apiVersion: group ? `${group}/${version}` : version, kind, ...object } as UnstructuredObject;
      return store.decode(await store.create(ctx, { namespace }, draft));
    },
  };
  return made;
}
