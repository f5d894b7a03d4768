import { NODES_GROUP } from '../node-identity.js';
import { ANONYMOUS, AUTHENTICATED_GROUP, UNAUTHENTICATED_GROUP, type UserInfo } from '../user-info.js';
import { accountOf, nodeOf } from './names.js';
import type { WantedUser } from './wanted-user.js';

const NODE_NAME = 'authentication.kubernetes.io/node-name';
const ASSOCIATED_KEYS = 'authentication.kubernetes.io/associated-node-keys';

/** One way to be allowed to act as somebody else. */
export interface ImpersonationMode {
  readonly name: 'associated-node' | 'arbitrary-node' | 'serviceaccount' | 'user-info' | 'legacy';
  /** What must be allowed of each thing that is put on. */
  readonly verb: string;
  /** Whether it is allowed for certain acts only. */
  readonly isConstrained: boolean;
  /** Whether somebody can be this user by it at all. */
  applies(wanted: WantedUser, requestor: UserInfo): boolean;
}

const isOnlyNamed = ({ uid, groups, extra }: WantedUser): boolean =>
  uid === '' && groups.length === 0 && Object.keys(extra).length === 0;

/** Whether an account's token is that of a Pod on the node. */
function isOnNode({ name, extra = {} }: UserInfo, node: string | undefined): boolean {
  const [own, ...more] = extra[NODE_NAME] ?? [];
  return node !== undefined && own === node && more.length === 0 && accountOf(name) !== undefined;
}

const constrained = (name: ImpersonationMode['name'], applies: ImpersonationMode['applies']): ImpersonationMode => ({
  name,
  verb: `impersonate:${name}`,
  isConstrained: true,
  applies,
});

/** Those that are for certain acts only. Behaves as kubernetes apiserver pkg/endpoints/filters/impersonation allImpersonationModes. */
export const CONSTRAINED_MODES: readonly ImpersonationMode[] = [
  constrained(
    'associated-node',
    (wanted, requestor) => isOnlyNamed(wanted) && isOnNode(requestor, nodeOf(wanted.name)),
  ),
  constrained('arbitrary-node', (wanted) => isOnlyNamed(wanted) && nodeOf(wanted.name) !== undefined),
  constrained('serviceaccount', (wanted) => isOnlyNamed(wanted) && accountOf(wanted.name) !== undefined),
  constrained('user-info', ({ name }) => nodeOf(name) === undefined && accountOf(name) === undefined),
];

/** For everything at once, as it has always been. */
export const LEGACY_MODE: ImpersonationMode = {
  name: 'legacy',
  verb: 'impersonate',
  isConstrained: false,
  applies: () => true,
};

/** As whom somebody is asked for: where any Pod of an account may be its own node, what tells its Pods apart is left out. */
export function askedAs(mode: ImpersonationMode, requestor: UserInfo): UserInfo {
  if (mode.name !== 'associated-node') return requestor;
  return { ...requestor, extra: { [ASSOCIATED_KEYS]: Object.keys(requestor.extra ?? {}).sort() } };
}

function ownGroups(mode: ImpersonationMode, { name, groups }: WantedUser): readonly string[] {
  if (mode.isConstrained && nodeOf(name) !== undefined) return [NODES_GROUP];
  const [namespace] = accountOf(name) ?? [];
  if (namespace === undefined || groups.length > 0) return groups;
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
}

/** Nobody in particular is never somebody who has signed in, whatever else they are. */
function withGeneralGroup(name: string, groups: readonly string[]): readonly string[] {
  const general = name === ANONYMOUS.name ? UNAUTHENTICATED_GROUP : AUTHENTICATED_GROUP;
  const isSettled = groups.includes(general) || groups.includes(UNAUTHENTICATED_GROUP);
  return isSettled ? groups : [...groups, general];
}

/** The user that somebody is by a mode. */
export function becomes(mode: ImpersonationMode, wanted: WantedUser): UserInfo {
  const { name, uid, extra } = wanted;
  const hasExtra = Object.keys(extra).length > 0;
  const groups = withGeneralGroup(name, ownGroups(mode, wanted));
  return { name, groups, ...(uid && { uid }), ...(hasExtra && { extra }) };
}
