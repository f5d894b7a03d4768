import type { UnstructuredObject } from '@binnacle/machinery-meta';
import { asServer, type CallerContext, type Registry } from '@binnacle/server-registry';
import { KEPT_AT, VISIBLE_ANNOTATION } from '../access/visible-lists.js';

function annotated(object: UnstructuredObject, isOn: boolean): UnstructuredObject {
  const { [VISIBLE_ANNOTATION]: _, ...others } = object.metadata.annotations ?? {};
  const annotations = isOn ? { ...others, [VISIBLE_ANNOTATION]: 'true' } : others;
  return { ...object, metadata: { ...object.metadata, annotations } };
}

/** Says in the cluster of the context whether lists across namespaces hold what one may see. All servers read it there. */
export async function setVisibleLists(ctx: CallerContext, registry: Registry, isOn: boolean): Promise<void> {
  const namespaces = registry.get('', 'v1', 'namespaces');
  await namespaces.update(asServer(ctx), KEPT_AT, (object) => annotated(object, isOn));
}
