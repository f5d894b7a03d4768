import type { UnstructuredObject } from '@binnacle/web-data';
import { OrNone } from '../objects/text.js';
import type { Translate } from '../messages/index.js';
import type { Fact, KindView, RelatedObjects } from '../view/kind-view.js';

interface Definition {
  readonly group?: string;
  readonly scope?: string;
  readonly names?: { readonly plural?: string; readonly kind?: string };
  readonly versions?: readonly { readonly name: string; readonly served?: boolean }[];
}

const specOf = ({ spec }: UnstructuredObject): Definition => (spec ?? {}) as Definition;

/** What it makes: a kind, by its name, its group and the versions that are served. */
function facts(object: UnstructuredObject, t: Translate): Fact[] {
  const { group, names, scope, versions = [] } = specOf(object);
  const served = versions.filter((version) => version.served).map(({ name }) => name);
  return [
    { label: t('columns.kind'), value: <OrNone>{names?.kind}</OrNone> },
    { label: t('columns.group'), value: <OrNone>{group}</OrNone> },
    { label: t('columns.version'), value: <OrNone>{served.join(', ')}</OrNone> },
    { label: t('columns.scope'), value: t(scope === 'Cluster' ? 'kinds.clusterScoped' : 'kinds.namespaced') },
  ];
}

/** The objects of the kind it makes. */
function related(object: UnstructuredObject, t: Translate): RelatedObjects[] {
  const { group, names: { plural, kind = '' } = {} } = specOf(object);
  if (!group || !plural) return [];
  return [{ title: kind, resource: `${plural}.${group}`, empty: t('list.empty', { kind }) }];
}

/** The server prints its columns. All objects of its kind go with it. */
export const customResourceDefinitionView: KindView = { facts, related, actions: { dangerous: true } };
