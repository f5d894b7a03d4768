import { quote } from '@binnacle/machinery-meta';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { CustomResourceDefinition, CustomResourceDefinitionNames } from '../crd/types.js';
import type { NewCondition } from '../crd/conditions.js';

/** Names that others of the group have. */
export interface TakenNames {
  readonly resources: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

type Names = CustomResourceDefinitionNames;

/** The names that the definitions of a group were granted, that one among them. */
export function takenNames(group: string, definitions: readonly CustomResourceDefinition[]): TakenNames {
  const names = definitions.flatMap(({ spec, status }) =>
    spec.group === group && status?.acceptedNames ? [status.acceptedNames] : [],
  );
  return {
    resources: new Set(
      names.flatMap(({ plural, singular = '', shortNames = [] }) => [plural, singular, ...shortNames]),
    ),
    kinds: new Set(names.flatMap(({ kind, listKind = '' }) => [kind, listKind])),
  };
}

export interface GrantedNames {
  readonly names: Names;
  readonly condition: NewCondition;
}

interface Conflict {
  readonly reason: string;
  readonly message: string;
}

const inUse = (name: string): string => `${quote(name)} is already in use`;

const isFree = (asked: string | undefined, granted: string | undefined, taken: ReadonlySet<string>): boolean =>
  (asked ?? '') === (granted ?? '') || !taken.has(asked ?? '');

/** In upstream's order: the last conflict is the one that is told. */
const TEXTS = [
  { name: 'plural', reason: 'PluralConflict', of: 'resources' },
  { name: 'singular', reason: 'SingularConflict', of: 'resources' },
  { name: 'shortNames', reason: 'ShortNamesConflict', of: 'resources' },
  { name: 'kind', reason: 'KindConflict', of: 'kinds' },
  { name: 'listKind', reason: 'ListKindConflict', of: 'kinds' },
] as const;

function shortNamesInUse(asked: Names, granted: Names, { resources }: TakenNames): string[] {
  const ours = new Set(granted.shortNames);
  return [...new Set((asked.shortNames ?? []).filter((name) => !ours.has(name) && resources.has(name)))];
}

function aggregate(messages: readonly string[]): string {
  return messages.length === 1 ? `${messages[0]}` : `[${messages.join(', ')}]`;
}

function conflictOf(
  { name, reason, of }: (typeof TEXTS)[number],
  asked: Names,
  granted: Names,
  taken: TakenNames,
): Conflict | undefined {
  if (name === 'shortNames') {
    const used = shortNamesInUse(asked, granted, taken);
    return used.length > 0 ? { reason, message: aggregate(used.map(inUse)) } : undefined;
  }
  return isFree(asked[name], granted[name], taken[of]) ? undefined : { reason, message: inUse(asked[name] ?? '') };
}

/**
 * Grants the names a definition asks for, as far as nobody of its group has them; those that were granted before stay.
 * Behaves as kubernetes apiextensions-apiserver pkg/controller/status naming_controller.
 */
export function grantNames({ spec, status }: CustomResourceDefinition, taken: TakenNames): GrantedNames {
  const asked = spec.names;
  const granted = status?.acceptedNames ?? { plural: '', kind: '' };
  const names: Record<string, unknown> = { ...granted };
  let conflict: Conflict | undefined;
  for (const text of TEXTS) {
    const found = conflictOf(text, asked, granted, taken);
    if (found) conflict = found;
    else if (asked[text.name] === undefined) delete names[text.name];
    else names[text.name] = asked[text.name];
  }
  if (asked.categories) names.categories = asked.categories;
  else delete names.categories;
  const condition: NewCondition = conflict
    ? { type: 'NamesAccepted', status: 'False', ...conflict }
    : { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' };
  return { names: names as unknown as Names, condition };
}

/** Whether nothing is left to be granted. */
export function hasItsNames({ spec, status }: CustomResourceDefinition): boolean {
  return semanticEqual(spec.names, status?.acceptedNames);
}
