'use client';

import type { UnstructuredObject } from '@binnacle/web-data';
import { useMemo } from 'react';
import { EventRow } from '../events/event-list.js';
import { groupEvents } from './group-events.js';

const SHOWN = 6;

/** The latest warnings, what was said of many objects at once. */
export function WarningList({ warnings }: { warnings: readonly UnstructuredObject[] }) {
  const groups = useMemo(() => groupEvents(warnings), [warnings]);
  return (
    <ul>
      {groups.slice(0, SHOWN).map(({ latest, objects }) => (
        <EventRow key={latest.metadata.uid ?? latest.metadata.name} event={latest} withObject others={objects - 1} />
      ))}
    </ul>
  );
}
