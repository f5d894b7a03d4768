'use client';

import { objectKey, type Resource, resourceId, type UnstructuredObject } from '@binnacle/web-data';
import { compareValues, type Sort } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { type KindColumn, NO_SURROUNDINGS, type ObjectStatus, type Surroundings } from '../view/kind-view.js';
import { kindView } from '../kinds/kind-views.js';
import type { Translate } from '../messages/index.js';
import { Age } from '../objects/age.js';
import { NameLink } from '../objects/links.js';
import { Quiet } from '../objects/text.js';
import { usageColumns } from '../usage/usage-columns.js';
import type { ListedUsage } from '../usage/use-usage.js';
import { statusOf } from '../view/status-of.js';

function frameColumns(
  t: Translate,
  glyphOf: (object: UnstructuredObject) => ObjectStatus | undefined,
): { name: KindColumn; namespace: KindColumn; age: KindColumn } {
  return {
    name: {
      id: 'name',
      title: t('list.name'),
      track: 'minmax(7rem,1.8fr)',
      value: (object) => object.metadata.name ?? '',
      cell: (object) => <NameLink object={object} status={glyphOf(object)} />,
    },
    namespace: {
      id: 'namespace',
      title: t('list.namespace'),
      track: 'minmax(5rem,1fr)',
      from: 700,
      value: (object) => object.metadata.namespace ?? '',
      cell: (object) => <Quiet>{object.metadata.namespace}</Quiet>,
    },
    age: {
      id: 'age',
      title: t('list.age'),
      track: '4rem',
      align: 'end',
      value: (object) => -Date.parse(object.metadata.creationTimestamp ?? ''),
      cell: (object) => (
        <Quiet>
          <Age time={object.metadata.creationTimestamp} />
        </Quiet>
      ),
    },
  };
}

export type Compare = (a: UnstructuredObject, b: UnstructuredObject) => number;

function comparator(columns: readonly KindColumn[], sort: Sort | undefined): Compare {
  const column = columns.find(({ id }) => id === sort?.column);
  const byKey: Compare = (a, b) => compareValues(objectKey(a), objectKey(b));
  if (!column) return byKey;
  const direction = sort?.descending ? -1 : 1;
  // Ties keep one order, so that equal rows do not swap places when something else changes.
  return (a, b) => direction * compareValues(column.value(a), column.value(b)) || byKey(a, b);
}

/** What is left out first for want of room makes some for two more columns, in pixels. */
const SPARED_FROM = 600;
const SPARED = 330;

function givingWay(column: KindColumn): KindColumn {
  const { from = 0 } = column;
  return from < SPARED_FROM ? column : { ...column, from: from + SPARED };
}

export interface KindColumns {
  readonly columns: readonly KindColumn[];
  readonly compare: (sort: Sort | undefined) => Compare;
}

interface ColumnOptions {
  readonly namespaceShown: boolean;
  /** Columns in place of the kind's own, for kinds only the server knows how to print. */
  readonly own?: readonly KindColumn[];
  readonly around?: Surroundings;
  /** What its objects use, where that is measured. */
  readonly usage?: ListedUsage | undefined;
}

export function useColumns(resource: Resource | undefined, options: ColumnOptions): KindColumns {
  const { namespaceShown, own, around = NO_SURROUNDINGS, usage } = options;
  const t = useTranslations() as unknown as Translate;
  return useMemo(() => {
    const view = resource ? kindView(resourceId(resource)) : {};
    const kinds = own ?? view.columns?.(t, around) ?? [];
    const middle = usage ? [...kinds.map(givingWay), ...usageColumns(t, usage)] : kinds;
    const told = middle.some(({ id }) => id === 'status');
    const frame = frameColumns(t, (object) => (told ? undefined : statusOf(view, object, around)));
    const namespace = namespaceShown && resource?.namespaced ? [frame.namespace] : [];
    const whole =
      view.frame === 'none'
        ? [...middle.slice(0, 2), ...namespace, ...middle.slice(2)]
        : [frame.name, ...namespace, ...middle, frame.age];
    return { columns: whole, compare: (sort) => comparator(whole, sort) };
  }, [t, resource, namespaceShown, own, around, usage]);
}
