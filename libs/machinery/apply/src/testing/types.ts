import type { ApplyMember, ApplyType, ListApplyType, StructApplyType } from '../index.js';

export const STRING: ApplyType = { kind: 'scalar', of: 'string' };
export const NUMBER: ApplyType = { kind: 'scalar', of: 'numeric' };
export const TEXTS: ApplyType = { kind: 'list', of: STRING, as: 'atomic', keys: [] };

export const list = (as: ListApplyType['as'], of: ApplyType, ...keys: string[]): ApplyType => ({
  kind: 'list',
  of,
  as,
  keys,
});

type Member = ApplyType | Omit<ApplyMember, 'name'>;

/** A struct of these members; those that have a zero are always written. */
export function struct(members: Readonly<Record<string, Member>>, atomic = false): StructApplyType {
  const read = ([name, member]: [string, Member]): ApplyMember =>
    'type' in member ? { name, ...member } : { name, type: member };
  const known = new Map(Object.entries(members).map((entry) => [entry[0], read(entry)]));
  return {
    kind: 'struct',
    atomic,
    member: (name) => known.get(name),
    written: [...known.values()].filter(({ zero }) => zero !== undefined),
  };
}
