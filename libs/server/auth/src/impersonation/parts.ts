import { fieldPath, validateDomainPrefixedPath } from '@binnacle/machinery-validation';
import type { ResourceAct } from '../act.js';
import { PRIVILEGED_GROUP } from '../user-info.js';
import type { ImpersonationMode } from './modes.js';
import { accountOf, nodeOf } from './names.js';
import type { WantedUser } from './wanted-user.js';

const AUTHENTICATION = 'authentication.k8s.io';
/** From so many on it is asked first whether all are allowed. */
const MANY = 4;
const ANY = '*';

/** Something of a user that is put on. */
export interface ImpersonatedParts {
  /** Each must be allowed. */
  readonly each: readonly ResourceAct[];
  /** Whoever is allowed this need not be asked for each. */
  readonly instead?: ResourceAct;
  /** Why nobody is. */
  readonly refusal?: { readonly act: ResourceAct; readonly why: string };
}

function part(group: string, resource: string, name: string, rest: Partial<ResourceAct> = {}): ResourceAct {
  return { group, version: 'v1', resource, subresource: '', namespace: '', name, ...rest };
}

function namePart(mode: ImpersonationMode, group: string, name: string): ResourceAct {
  const node = mode.isConstrained ? nodeOf(name) : undefined;
  if (node !== undefined) return part(group, 'nodes', mode.name === 'associated-node' ? ANY : node);
  const [namespace, account] = accountOf(name) ?? [];
  return namespace && account ? part(group, 'serviceaccounts', account, { namespace }) : part(group, 'users', name);
}

function groupParts({ isConstrained }: ImpersonationMode, group: string, names: readonly string[]): ImpersonatedParts {
  const of = (name: string): ResourceAct => part(group, 'groups', name);
  const each = names.map(of);
  if (!isConstrained) return { each };
  if (names.includes(''))
    return { each, refusal: { act: of(''), why: 'impersonating the empty string group is not allowed' } };
  if (names.includes(PRIVILEGED_GROUP)) {
    const why = `impersonating the ${PRIVILEGED_GROUP} group is not allowed`;
    return { each, refusal: { act: of(PRIVILEGED_GROUP), why } };
  }
  return names.length < MANY ? { each } : { each, instead: of(ANY) };
}

/** What is wrong with what is told besides of somebody; undefined where nothing is. */
function faultOf(key: string, values: readonly string[]): string | undefined {
  if (key === '') return 'impersonating the empty string key in extra is not allowed';
  const faults = validateDomainPrefixedPath(key, fieldPath('extra', 'key'));
  if (faults.length > 0) {
    const texts = faults.map(({ field, message }) => `${field}: ${message}`);
    const all = texts.length > 1 ? `[${texts.join(', ')}]` : texts[0];
    return `impersonating an invalid key in extra is not allowed: ${all}`;
  }
  if (key !== key.toLowerCase())
    return `impersonating a non-lowercase key in extra is not allowed: ${JSON.stringify(key)}`;
  if (values.length === 0) return 'impersonating empty values in extra is not allowed';
  return values.includes('') ? 'impersonating the empty string value in extra is not allowed' : undefined;
}

function extraParts({ isConstrained }: ImpersonationMode, extra: WantedUser['extra']): ImpersonatedParts {
  const of = (subresource: string, value: string): ResourceAct =>
    part(AUTHENTICATION, 'userextras', value, { subresource });
  const all = Object.entries(extra);
  const each = all.flatMap(([key, values]) => values.map((value) => of(key, value)));
  if (!isConstrained || all.length === 0) return { each };
  const [why] = all.flatMap(([key, values]) => faultOf(key, values) ?? []);
  if (why !== undefined) return { each, refusal: { act: of('', ''), why } };
  return each.length < MANY ? { each } : { each, instead: of(ANY, ANY) };
}

/** Everything of a user that is put on by a mode, in the order in which it is asked for. */
export function partsOf(mode: ImpersonationMode, { name, uid, groups, extra }: WantedUser): ImpersonatedParts[] {
  // Names and groups have always been asked for as if they were core kinds.
  const group = mode.isConstrained ? AUTHENTICATION : '';
  return [
    { each: [namePart(mode, group, name)] },
    { each: uid ? [part(AUTHENTICATION, 'uids', uid)] : [] },
    groupParts(mode, group, groups),
    extraParts(mode, extra),
  ];
}
