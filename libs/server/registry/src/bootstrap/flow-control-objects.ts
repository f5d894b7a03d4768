import { AUTO_UPDATE_ANNOTATION } from '@binnacle/apis-kubernetes/flowcontrol/v1';
import {
  mandatoryFlowSchemas,
  mandatoryPriorityLevels,
  suggestedFlowSchemas,
  suggestedPriorityLevels,
} from '@binnacle/apis-kubernetes/flowcontrol/v1/bootstrap';
import { ignoreNotFound, isAlreadyExists, isConflict, type UnstructuredObject } from '@binnacle/machinery-meta';
import { cloneJson } from '@binnacle/machinery-patch';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { Registry } from '../registry.js';
import type { RequestContext } from '../request-context.js';
import type { ResourceStore } from '../resource-store.js';

const GROUP = 'flowcontrol.apiserver.k8s.io';
const FIELD_MANAGER = 'api-priority-and-fairness-config-producer-v1';

interface Wanted {
  /** The server's own idea of it, defaults filled in. */
  readonly object: UnstructuredObject;
  /** Whatever an operator says of it. */
  readonly mandatory: boolean;
}

type Bootstrap = readonly { readonly metadata: object }[];

const wanted = (mandatory: Bootstrap, suggested: Bootstrap): Wanted[] => [
  ...mandatory.map((object) => ({ object: object as unknown as UnstructuredObject, mandatory: true })),
  ...suggested.map((object) => ({ object: object as unknown as UnstructuredObject, mandatory: false })),
];

/** Levels first, so that no schema is without its level in between. */
const KINDS = [
  ['prioritylevelconfigurations', wanted(mandatoryPriorityLevels, suggestedPriorityLevels)],
  ['flowschemas', wanted(mandatoryFlowSchemas, suggestedFlowSchemas)],
] as const;

/** The values Go reads as a boolean. */
const BOOLEANS: Readonly<Record<string, boolean>> = {
  ...Object.fromEntries(['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true])),
  ...Object.fromEntries(['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false])),
};

function annotated({ metadata }: UnstructuredObject): boolean | undefined {
  const value = metadata.annotations?.[AUTO_UPDATE_ANNOTATION];
  return value !== undefined && Object.hasOwn(BOOLEANS, value) ? BOOLEANS[value] : undefined;
}

/** Where the annotation does not say it, a spec that nobody has changed may follow the server's. */
function followsServer(current: UnstructuredObject): boolean {
  return annotated(current) ?? current.metadata.generation === 1;
}

/** What the object must become; undefined where it may stay. */
export function revised(current: UnstructuredObject, { object, mandatory }: Wanted): UnstructuredObject | undefined {
  const follows = mandatory || followsServer(current);
  const isAnnotated = annotated(current) === follows;
  const isCurrent = !follows || semanticEqual(specCompared(current, object), object.spec);
  if (isAnnotated && isCurrent) return undefined;
  const annotations = { ...current.metadata.annotations, [AUTO_UPDATE_ANNOTATION]: String(follows) };
  const spec = isCurrent ? current.spec : specRestored(current, object);
  return { ...current, metadata: { ...current.metadata, annotations }, spec };
}

interface WithExempt {
  readonly type?: string;
  readonly exempt?: object;
}

/** How much is set aside for what is exempt is for the operator to say, though the level itself is mandatory. */
function specCompared({ spec }: UnstructuredObject, { spec: own }: UnstructuredObject): unknown {
  const { type, exempt } = own as WithExempt;
  return type === 'Exempt' ? { ...(spec as object), exempt } : spec;
}

function specRestored(current: UnstructuredObject, { spec }: UnstructuredObject): unknown {
  const { exempt } = (current.spec ?? {}) as WithExempt;
  const restored = cloneJson(spec) as WithExempt;
  return restored.type === 'Exempt' && exempt ? { ...restored, exempt } : restored;
}

async function create(ctx: RequestContext, store: ResourceStore, object: UnstructuredObject): Promise<void> {
  try {
    await store.create(ctx, { namespace: '' }, cloneJson(object), { fieldManager: FIELD_MANAGER });
  } catch (error) {
    // Another server made it.
    if (!isAlreadyExists(error)) throw error;
  }
}

async function ensure(ctx: RequestContext, store: ResourceStore, want: Wanted): Promise<void> {
  const place = { namespace: '', name: want.object.metadata.name ?? '' };
  const stored = await ignoreNotFound(store.get(ctx, place, { at: 'any' }));
  if (!stored) return create(ctx, store, want.object);
  const next = revised(store.decode(stored), want);
  if (!next) return;
  try {
    await store.update(ctx, place, () => cloneJson(next), { fieldManager: FIELD_MANAGER });
  } catch (error) {
    // Somebody changed it meanwhile; the next look decides.
    if (!isConflict(error)) throw error;
  }
}

async function removeUnwanted(ctx: RequestContext, store: ResourceStore, names: ReadonlySet<string>): Promise<void> {
  const { items } = await store.list(ctx, {}, { revision: { at: 'any' } });
  for (const item of items) {
    if (names.has(item.key.name) || annotated(store.decode(item)) !== true) continue;
    await ignoreNotFound(store.delete(ctx, { namespace: '', name: item.key.name }));
  }
}

/**
 * Makes the FlowSchemas and PriorityLevelConfigurations of the server's own where they are missing, brings those back
 * that nobody means to have changed, and removes what an earlier release left. Behaves as kubernetes
 * pkg/registry/flowcontrol/ensurer.
 */
export async function keepFlowControlObjects(ctx: RequestContext, registry: Registry): Promise<void> {
  for (const [plural, objects] of KINDS) {
    const store = registry.builtin.find(GROUP, 'v1', plural);
    if (!store) continue;
    await Promise.all(objects.map((want) => ensure(ctx, store, want)));
    await removeUnwanted(ctx, store, new Set(objects.map(({ object }) => object.metadata.name ?? '')));
  }
}
