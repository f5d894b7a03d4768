import type { ApplyType } from './apply-type.js';
import { asItems, asMembers, elementOf, knownMember, type ListShape, type MembersShape, shown } from './walk.js';

function listShape(value: unknown, type: ListShape): string {
  if (type.as === 'atomic') return '';
  let text = '[';
  for (const item of asItems(value) ?? []) {
    const element = elementOf(item, type);
    text += `${element.length}:${element}${shapeOf(item, type.of)}`;
  }
  return `${text}]`;
}

function membersShape(value: unknown, type: MembersShape): string {
  const members = asMembers(value);
  if (type.atomic || !members) return '';
  let text = '{';
  for (const name in members) {
    const member = members[name];
    if (member !== undefined) text += `${name.length}:${name}${shapeOf(member, knownMember(type, name).type)}`;
  }
  return `${text}}`;
}

/**
 * A text that is the same for all values of one type that have the same fields, whatever they hold. The order of members
 * counts, which makes equal values differ at worst.
 * @throws ElementFault where a list that is told apart by keys has an element without them.
 */
export function shapeOf(value: unknown, type: ApplyType): string {
  if (type.kind === 'scalar') return '';
  const is = shown(type, value);
  if (is.kind === 'scalar') return '';
  return is.kind === 'list' ? listShape(value, is) : membersShape(value, is);
}
