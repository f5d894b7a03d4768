import {
  type Resource,
  type Right,
  type RightScope,
  rightOn,
  type UnstructuredObject,
  type ViewedAs,
} from '@binnacle/web-data';
import type { ActionName } from './action-target.js';

/** Everything that can be done to an object and that one may be let or not. */
export type RightfulAction = ActionName | 'uncordon' | 'resume' | 'enable' | 'terminal' | 'logs' | 'edit' | 'mark';

type Place = Pick<RightScope, 'namespace' | 'name'>;
type RightsOf = (resource: Resource, place: Place) => readonly Right[];

const PODS = { group: '', resource: 'pods', namespaced: true };
const JOBS = { group: 'batch', resource: 'jobs', namespaced: true };

const changed: RightsOf = (resource, place) => [rightOn('patch', resource, place)];
const made: RightsOf = (_, { namespace }) => [rightOn('create', JOBS, { ...(namespace && { namespace }) })];
const viewed: RightsOf = ({ resource }, { name = '' }) =>
  impersonationRights(resource === 'teams' ? { user: '', groups: [`team:${name}`] } : { user: name, groups: [] });
const isPod = ({ group, resource }: Resource): boolean => group === '' && resource === 'pods';

/** What each takes, as the requests behind it ask for it. */
const RIGHTS: Readonly<Record<RightfulAction, RightsOf>> = {
  scale: (resource, place) => [rightOn('patch', resource, { ...place, subresource: 'scale' })],
  restart: changed,
  rollBack: changed,
  suspend: changed,
  resume: changed,
  resize: changed,
  cordon: changed,
  uncordon: changed,
  disable: changed,
  enable: changed,
  // Which binding it takes is known only when it is chosen where.
  grant: () => [],
  viewAs: viewed,
  resetPassword: (resource, place) => [rightOn('create', resource, { ...place, subresource: 'password' })],
  link: (resource, place) => [rightOn('create', resource, { ...place, subresource: 'link' })],
  mark: changed,
  edit: (resource, place) => [rightOn('update', resource, place)],
  delete: (resource, place) => [rightOn('delete', resource, place)],
  makeJob: made,
  drain: (resource, place) => [
    rightOn('patch', resource, place),
    rightOn('list', PODS),
    rightOn('create', PODS, { subresource: 'eviction' }),
  ],
  terminal: (_, place) => [rightOn('create', PODS, { ...place, subresource: 'exec' })],
  debug: (_, place) => [
    rightOn('patch', PODS, { ...place, subresource: 'ephemeralcontainers' }),
    rightOn('create', PODS, { ...place, subresource: 'attach' }),
  ],
  logs: (resource, { namespace, name }) => {
    const within = { ...(namespace && { namespace }) };
    const one = isPod(resource) && name ? { name } : {};
    const read = rightOn('get', PODS, { ...within, ...one, subresource: 'log' });
    return isPod(resource) ? [read] : [rightOn('list', PODS, within), read];
  },
};

/** Whoever looks as another must be let to be each part of them; an empty user is nobody yet. */
export function impersonationRights({ user, groups }: ViewedAs): readonly Right[] {
  const part = (resource: string, name: string) =>
    rightOn('impersonate', { group: '', resource, namespaced: false }, { name });
  return [...(user ? [part('users', user)] : []), ...groups.map((group) => part('groups', group))];
}

/** The rights that doing this to an object takes. */
export function rightsFor(action: RightfulAction, resource: Resource, object: UnstructuredObject): readonly Right[] {
  const { namespace, name } = object.metadata;
  return RIGHTS[action](resource, { ...(namespace && { namespace }), ...(name && { name }) });
}
