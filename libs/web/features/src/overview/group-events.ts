import type { UnstructuredObject } from '@binnacle/web-data';
import { eventFields } from '../events/event-fields.js';

interface EventGroup {
  readonly latest: UnstructuredObject;
  /** Of how many objects the same was said. */
  readonly objects: number;
}

/** Events that say the same of different objects stand together, where the latest of them stands. `events` are newest first. */
export function groupEvents(events: readonly UnstructuredObject[]): EventGroup[] {
  const groups = new Map<string, { latest: UnstructuredObject; about: Set<string> }>();
  for (const event of events) {
    const { reason, message, source, object } = eventFields(event);
    const key = JSON.stringify([reason, message, source, object.kind]);
    const group = groups.get(key) ?? { latest: event, about: new Set<string>() };
    group.about.add(`${object.namespace}/${object.name}`);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ latest, about }) => ({ latest, objects: about.size }));
}
