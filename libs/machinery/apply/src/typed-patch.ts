import {
  newUnclassifiedError,
  parseApiVersion,
  type StatusError,
  type UnstructuredObject,
} from '@binnacle/machinery-meta';

/** As upstream reads a member that may be anything: what is no text is as none. */
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What upstream says of a configuration that does not fit the schema of its kind; unlike other bad input, a 500. */
export function typedPatchError(config: UnstructuredObject, why: string): StatusError {
  const { namespace, name } = config.metadata ?? {};
  const { group, version } = parseApiVersion(textOf(config.apiVersion));
  const what = `${textOf(namespace)}/${textOf(name)}; ${group}/${version}, Kind=${textOf(config.kind)}`;
  return newUnclassifiedError(`failed to create typed patch object (${what}): ${why}`);
}
