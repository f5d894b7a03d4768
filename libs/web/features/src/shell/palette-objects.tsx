'use client';

import { objectKey, resourceId, useCluster, type UnstructuredObject } from '@binnacle/web-data';
import { StatusGlyph } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useRouter } from 'next/navigation';
import { useMemo } from 'react';
import { kindView } from '../kinds/kind-views.js';
import { statusOf } from '../list/use-columns.js';
import { usePages } from '../objects/use-pages.js';
import { iconOf } from './navigation.js';
import { type PaletteGroup, useItems } from './palette-entries.js';
import { find } from './palette-rank.js';

/** Kinds whose objects are found by name from anywhere. */
const SEARCHED = ['deployments.apps', 'services', 'nodes', 'configmaps', 'pods'] as const;
const SHOWN_OBJECTS = 12;

const findable = (object: UnstructuredObject) => ({
  object,
  names: [object.metadata.name ?? ''],
  description: `${object.kind} ${object.metadata.namespace ?? ''}`,
});

function ObjectIcon({ object }: { object: UnstructuredObject }) {
  const { resources } = useCluster();
  const resource = resources.of(object);
  const id = resource ? resourceId(resource) : '';
  const status = statusOf(kindView(id), object);
  const Icon = iconOf(id);
  return status ? <StatusGlyph tone={status.tone} /> : <Icon aria-hidden="true" />;
}

/** The objects that answer the query best; none without one. */
export function useObjectGroup(query: string): PaletteGroup {
  const t = useTranslations('palette');
  const router = useRouter();
  const pages = usePages();
  const lists = SEARCHED.map(useItems);
  const found = useMemo(
    () => (query.trim() === '' ? [] : find(query, lists.flat().map(findable)).slice(0, SHOWN_OBJECTS)),
    [query, ...lists],
  );
  const entries = found.map(({ object, names, description }) => ({
    id: `${object.kind} ${objectKey(object)}`,
    names,
    description,
    icon: <ObjectIcon object={object} />,
    label: object.metadata.name ?? '',
    aside: [object.kind, object.metadata.namespace].filter(Boolean).join(' · '),
    run: () => {
      const href = pages.object(object);
      if (href) router.push(href);
    },
  }));
  return { heading: t('objects'), entries };
}
