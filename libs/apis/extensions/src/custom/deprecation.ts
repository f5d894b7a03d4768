import { compareVersions } from '@binnacle/machinery-meta';
import type { CustomKind } from './kind.js';

/** What clients of a deprecated version are warned of; undefined where it is none. */
export function deprecationOf({ of, definition, group, version, names }: CustomKind): string | undefined {
  if (!of.deprecated) return undefined;
  if (of.deprecationWarning !== undefined) return of.deprecationWarning;
  const [better] = definition.spec.versions
    .filter(({ served, deprecated, name }) => served && !deprecated && compareVersions(name, version) < 0)
    .map(({ name }) => name)
    .sort(compareVersions);
  const text = `${group}/${version} ${names.kind} is deprecated`;
  return better === undefined ? text : `${text}; use ${group}/${better} ${names.kind}`;
}
