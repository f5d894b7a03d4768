import type { UnstructuredObject } from '@binnacle/web-data';
import { genericStatus } from './generic-status.js';
import { type KindView, NO_SURROUNDINGS, type ObjectStatus } from './kind-view.js';

/** How an object stands: as its kind says, or as can be said of any. */
export function statusOf(
  view: KindView,
  object: UnstructuredObject,
  around = NO_SURROUNDINGS,
): ObjectStatus | undefined {
  return view.status ? view.status(object, around) : genericStatus(object);
}
