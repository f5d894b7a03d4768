import type { KubeClient, ResourceRef } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';
import type { UnstructuredObject } from '@binnacle/machinery-meta';

export interface Awaited {
  readonly ref: ResourceRef;
  readonly namespace: string;
  readonly count: number;
  readonly is: (object: UnstructuredObject) => boolean;
}

const PATIENCE_SECONDS = 900;

/** Resolves when so many objects of a namespace are as they should be at the same time. */
export async function untilAll(
  ctx: Context,
  client: KubeClient,
  { ref, namespace, count, is }: Awaited,
): Promise<void> {
  const late = AbortSignal.timeout(PATIENCE_SECONDS * 1000);
  const done = new Set<string>();
  const note = (object: UnstructuredObject, isThere = true) => {
    const name = object.metadata.name ?? '';
    if (isThere && is(object)) done.add(name);
    else done.delete(name);
    return done.size >= count;
  };
  const resource = client.resource(ref);
  const list = await resource.list(ctx, { namespace });
  for (const item of list.items) if (note(item)) return;
  const query = { namespace, resourceVersion: list.metadata.resourceVersion ?? '', timeoutSeconds: PATIENCE_SECONDS };
  for await (const { type, object } of resource.watch({ ...ctx, signal: late }, query)) {
    if (note(object, type !== 'DELETED')) return;
  }
  throw new Error(`${done.size} of ${count} ${ref.plural} are as they should be`);
}
