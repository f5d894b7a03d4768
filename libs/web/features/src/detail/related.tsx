'use client';

import type { Resource, UnstructuredObject } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { lateComponent } from '../known/late.js';
import { RelatedTable } from '../list/related-table.js';
import type { Translate } from '../messages/index.js';
import type { KindView, Surroundings } from '../view/kind-view.js';
import { RevisionsPanel } from './revisions-panel.js';

/** Reads and writes YAML, which the other pages can do without. */
const Contents = lateComponent<{ readonly object: UnstructuredObject }>(() =>
  import('../contents/contents-panel.js').then((module) => module.ContentsPanel),
);

interface RelatedProps {
  readonly view: KindView;
  readonly object: UnstructuredObject;
  readonly resource: Resource;
  readonly around: Surroundings;
}

/** What stands beside the facts of an object: its parts, and the objects it has to do with. Of an unknown kind all that it says. */
export function Related({ view, object, resource, around }: RelatedProps) {
  const t = useTranslations() as unknown as Translate;
  const related = useMemo(() => view.related?.(object, t) ?? [], [view, object, t]);
  if (!view.panels && !view.related) return <Contents object={object} />;
  return (
    <>
      {view.panels?.map((Panel, index) => (
        <Panel key={index} object={object} around={around} />
      ))}
      {related.map((table) => (
        <RelatedTable key={`${table.resource} ${table.ownedBy ?? ''}`} {...table} />
      ))}
      {view.actions?.rollBack && <RevisionsPanel object={object} resource={resource} />}
    </>
  );
}
