'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import type { SortValue } from '@binnacle/web-ui';
import { useMemo } from 'react';
import type { KindColumn, KindView } from '../view/kind-view.js';
import { type FilterSubject, objectFilter } from './filter.js';
import { type FilterTerm, parseFilter } from './filter-terms.js';
import { statusOf } from '../view/status-of.js';

type Values = (object: UnstructuredObject) => readonly SortValue[];

export interface ListFilter {
  /** What was typed, as it is understood. */
  readonly terms: readonly FilterTerm[];
  /** Words are looked for in what the object tells, not in its name. */
  readonly telling: boolean;
  /** What may stand before a colon here. */
  readonly fields: readonly string[];
  /** Undefined where nothing narrows. */
  readonly passes: ((object: UnstructuredObject) => boolean) | undefined;
  /** Fields that hold what a word was not found by, such as `status:CrashLoopBackOff`. */
  suggest(items: readonly UnstructuredObject[]): readonly string[];
}

const MAX_SUGGESTIONS = 4;
/** A moment is no word one types. */
const UNSPEAKABLE: ReadonlySet<string> = new Set(['age', 'lastseen']);
const nameOf: Values = ({ metadata }) => [metadata.name ?? ''];
const namespaceOf: Values = ({ metadata }) => [metadata.namespace ?? ''];

function valuesOf({ value, told }: KindColumn): Values {
  return (object) => (told ? [told(object), value(object)] : [value(object)]);
}

function subjectOf(view: KindView, columns: readonly KindColumn[]): FilterSubject {
  const own = columns
    .map((column) => [column.id.replace(/^t-/, '').toLowerCase(), valuesOf(column)] as const)
    .filter(([id]) => !UNSPEAKABLE.has(id));
  const fields = new Map<string, Values>([
    ['name', nameOf],
    ['namespace', namespaceOf],
    ['status', (object) => [statusOf(view, object)?.label ?? '']],
    ...own,
  ]);
  const { words = (object) => [object.metadata.name ?? '', object.metadata.namespace ?? ''] } = view;
  return { fields, words };
}

/** Some texts cannot be asked for: those with quotes in them, for example. */
function finds(query: string, object: UnstructuredObject, subject: FilterSubject): boolean {
  return objectFilter(parseFilter(query, new Set(subject.fields.keys())), subject)?.(object) === true;
}

function suggestions(items: readonly UnstructuredObject[], term: FilterTerm, subject: FilterSubject): string[] {
  if (term.kind !== 'word' || term.negated) return [];
  const wanted = term.text.toLowerCase();
  const found = new Set<string>();
  for (const [field, values] of subject.fields) {
    for (const object of items) {
      const text = String(values(object)[0]);
      if (!text.toLowerCase().includes(wanted)) continue;
      const query = `${field}:${/[\s,]/.test(text) ? `"${text}"` : text}`;
      if (found.has(query) || !finds(query, object, subject)) continue;
      found.add(query);
      if (found.size >= MAX_SUGGESTIONS) return [...found];
    }
  }
  return [...found];
}

/** Reads a list's filter, and says what it means. */
export function readFilter(view: KindView, columns: readonly KindColumn[], query: string): ListFilter {
  const subject = subjectOf(view, columns);
  const terms = parseFilter(query, new Set(subject.fields.keys()));
  return {
    terms,
    telling: view.words !== undefined,
    fields: [...subject.fields.keys()],
    passes: objectFilter(terms, subject),
    suggest: (items) => terms.flatMap((term) => suggestions(items, term, subject)).slice(0, MAX_SUGGESTIONS),
  };
}

/** The same filter until something of it is another: what is made of it is made once. */
export function useFilter(view: KindView, columns: readonly KindColumn[], query: string): ListFilter {
  return useMemo(() => readFilter(view, columns, query), [view, columns, query]);
}
