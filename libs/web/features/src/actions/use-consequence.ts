'use client';

import { type Resource, resourceId, type UnstructuredObject, useKnowledge, useLive } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { kindView } from '../kinds/kind-views.js';
import type { Translate } from '../messages/index.js';
import { useQueryOf } from '../objects/use-query-of.js';
import type { Narrow } from '../view/kind-view.js';

/** How many Pods there are; undefined where that is not known, or not asked. */
function usePodCount(narrow: Narrow | undefined): number | undefined {
  const query = useQueryOf('pods', narrow ?? {});
  const view = useLive(narrow ? query : undefined);
  return useKnowledge(view).certainty === 'current' ? view.items.length : undefined;
}

/** What deleting the object will do, in plain words. */
export function useConsequence(resource: Resource, object: UnstructuredObject): string {
  const t = useTranslations() as unknown as Translate;
  const loss = kindView(resourceId(resource)).actions?.loss;
  const count = usePodCount(loss?.pods?.(object));
  return loss ? loss.text(t, object, count) : t('actions.deleteFinal');
}
