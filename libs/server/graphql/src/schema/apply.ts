import { expectedKind } from '@binnacle/apis-registry';
import { conformToKind, type ExpectedKind, strictDecodingError } from '@binnacle/apis-schema';
import { isAlreadyExists, isNotFound, newBadRequest, type UnstructuredObject } from '@binnacle/machinery-meta';
import { applyMergePatch } from '@binnacle/machinery-patch';
import type { ResourceStore } from '@binnacle/server-registry';
import type { GraphqlRequest, Located } from '../request.js';
import { placeOf, type Reference, requireStore } from './queries.js';

export interface ApplyArguments {
  readonly manifest: unknown;
  readonly dryRun?: boolean;
}

export type Change = (object: UnstructuredObject) => UnstructuredObject;

/** Writes what `how` makes of the object that is there, again and again until no other writer comes in between. */
export async function change(
  request: GraphqlRequest,
  store: ResourceStore,
  at: Pick<Reference, 'namespace' | 'name'>,
  how: Change,
  dryRun = false,
): Promise<Located> {
  const place = placeOf(store, at);
  const ctx = await request.authorize(request.ctx, { verb: 'patch', definition: store.definition, ...place });
  const stored = await store.update(ctx, place, how, { unconditional: true, dryRun });
  return { store, object: store.decode(stored) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw newBadRequest(`the manifest is not JSON: ${(error as Error).message}`);
  }
}

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

/** Reads a manifest that is either an object or its JSON text. */
function readManifest(manifest: unknown): UnstructuredObject {
  const object = typeof manifest === 'string' ? parseJson(manifest) : manifest;
  const candidate = object as Partial<UnstructuredObject> | null;
  if (![candidate?.apiVersion, candidate?.kind, candidate?.metadata?.name].every(isText)) {
    throw newBadRequest('a manifest needs apiVersion, kind and metadata.name');
  }
  return candidate as UnstructuredObject;
}

/** The manifest as it is to be created. Throws BadRequest where a field is unknown or of another type. */
function conformed(manifest: UnstructuredObject, expected: ExpectedKind): UnstructuredObject {
  const { object, problems } = conformToKind(manifest, expected);
  if (problems.length > 0) throw strictDecodingError(expected, problems);
  return object;
}

/** Creates the object, or merges the manifest into the one that is there. */
export async function applyManifest(
  request: GraphqlRequest,
  { manifest, dryRun = false }: ApplyArguments,
): Promise<Located> {
  const wanted = readManifest(manifest);
  const store = requireStore(request.stores, wanted);
  const expected = expectedKind(store.definition);
  conformed(wanted, expected);
  const at = { namespace: wanted.metadata.namespace, name: wanted.metadata.name ?? '' };
  // The manifest itself is merged: its nulls remove what is there, and only what comes of it is an object of the kind.
  const merge: Change = (current) => conformToKind(applyMergePatch(current, wanted), expected).object;
  const update = () => change(request, store, at, merge, dryRun);
  try {
    return await update();
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  try {
    return await create(request, store, conformed(wanted, expected), dryRun);
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
    return update();
  }
}

async function create(
  { authorize, ctx }: GraphqlRequest,
  store: ResourceStore,
  draft: UnstructuredObject,
  dryRun: boolean,
): Promise<Located> {
  const { namespace } = placeOf(store, { ...draft.metadata, name: draft.metadata.name ?? '' });
  const permitted = await authorize(ctx, { verb: 'create', definition: store.definition, namespace });
  return { store, object: store.decode(await store.create(permitted, { namespace }, draft, { dryRun })) };
}
