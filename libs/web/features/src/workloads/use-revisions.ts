'use client';

import { type Knowledge, type UnstructuredObject, useKnowledge, useLive } from '@binnacle/web-data';
import { useMemo } from 'react';
import { useQueryOf } from '../objects/use-query-of.js';
import { type Revision, revisionSource, revisionsOf } from './revisions.js';

interface RevisionSight {
  /** The latest first. */
  readonly revisions: readonly Revision[];
  readonly knowledge: Knowledge;
}

/** The revisions of a workload, live. */
export function useRevisions(owner: UnstructuredObject): RevisionSight {
  const { namespace = '' } = owner.metadata;
  const view = useLive(useQueryOf(revisionSource(owner), { namespace }));
  const knowledge = useKnowledge(view);
  const revisions = useMemo(() => revisionsOf(owner, view.items), [owner, view.items]);
  return { revisions, knowledge };
}
