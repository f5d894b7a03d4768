'use client';

import { type FoundObject, resourceId, searchObjects, useCluster } from '@binnacle/web-data';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useNavigation } from '../objects/navigate.js';
import { useEffect, useMemo, useState } from 'react';
import { usePages } from '../objects/use-pages.js';
import { iconOf } from './navigation.js';
import { leadingTo, type PaletteGroup } from './palette-entries.js';
import { find } from './palette-rank.js';

const SHOWN_OBJECTS = 12;
/** The server is asked when the typing rests so long. */
const REST_MILLISECONDS = 120;

function useRested(text: string): string {
  const [rested, setRested] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), REST_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [text]);
  return rested;
}

const findable = (object: FoundObject) => ({
  object,
  names: [object.name],
  description: `${object.kind} ${object.namespace}`,
});

function ObjectIcon({ object }: { object: FoundObject }) {
  const { resources } = useCluster();
  const resource = resources.byKind(object.apiVersion, object.kind);
  const Icon = iconOf(resource ? resourceId(resource) : '');
  return <Icon aria-hidden="true" />;
}

export interface ObjectSearch {
  readonly group: PaletteGroup;
  /** The answer to what is typed is not here yet. */
  readonly searching: boolean;
  /** Only the best of those that answer are shown. */
  readonly more: boolean;
  /** Why objects could not be searched. */
  readonly error: Error | null;
}

/** The objects that answer the query best, found by the server, which sends their names alone; none without a query. */
export function useObjectGroup(query: string): ObjectSearch {
  const t = useTranslations('palette');
  const router = useNavigation();
  const pages = usePages();
  const { cluster } = useCluster();
  const text = query.trim();
  const rested = useRested(text);
  const { data, error, isFetching } = useQuery({
    queryKey: ['find', cluster, rested],
    enabled: rested !== '',
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
    queryFn: ({ signal }) => searchObjects(cluster, rested, signal),
  });
  const found = useMemo(() => (text === '' ? [] : find(text, (data?.objects ?? []).map(findable))), [text, data]);
  const entries = found.slice(0, SHOWN_OBJECTS).map(({ object, names, description }) => ({
    id: `${object.kind} ${object.namespace}/${object.name}`,
    names,
    description,
    icon: <ObjectIcon object={object} />,
    label: object.name,
    aside: [object.kind, object.namespace].filter(Boolean).join(' · '),
    ...leadingTo(pages.kindOf(object.apiVersion, object.kind, object) ?? '', router.push),
  }));
  const searching = text !== '' && (isFetching || text !== rested);
  const more = entries.length > 0 && (found.length > entries.length || data?.more === true);
  return { group: { heading: t('objects'), entries }, searching, more, error: text === '' ? null : error };
}
