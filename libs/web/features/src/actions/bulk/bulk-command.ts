import { type Resource, resourceId, type UnstructuredObject } from '@binnacle/web-data';

/** A longer command nobody types. */
const MOST_NAMED = 20;

/** What one would type for the same effect; undefined where they are too many, or in several namespaces. */
export function bulkCommand(
  verb: string,
  resource: Resource,
  objects: readonly UnstructuredObject[],
  rest = '',
): string | undefined {
  const [namespace, ...others] = new Set(objects.map(({ metadata }) => metadata.namespace ?? ''));
  if (others.length > 0 || objects.length > MOST_NAMED) return undefined;
  const [command, ...flags] = verb.split(' --');
  const names = objects.map(({ metadata }) => metadata.name ?? '').join(' ');
  const place = namespace ? `-n ${namespace}` : '';
  const flagged = flags.map((flag) => `--${flag}`).join(' ');
  return [command, resourceId(resource), names, rest, place, flagged].filter(Boolean).join(' ');
}
