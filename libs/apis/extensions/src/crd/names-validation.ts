import { type FieldError, type FieldPath, invalid, isDns1035Label, required } from '@binnacle/machinery-validation';
import type { CustomResourceDefinitionNames } from './types.js';

type Text = 'plural' | 'singular' | 'kind' | 'listKind';

function validateLabel(value: string | undefined, path: FieldPath): FieldError[] {
  const complaints = value ? isDns1035Label(value) : [];
  return complaints.length > 0 ? [invalid(path, value, complaints.join(','))] : [];
}

function validateKind(value: string | undefined, path: FieldPath): FieldError[] {
  const complaints = value ? isDns1035Label(value.toLowerCase()) : [];
  if (complaints.length === 0) return [];
  return [invalid(path, value, `may have mixed case, but should otherwise match: ${complaints.join(',')}`)];
}

function validateEach(values: readonly string[] | undefined, path: FieldPath): FieldError[] {
  return (values ?? []).flatMap((value, index) => {
    const complaints = isDns1035Label(value);
    return complaints.length > 0 ? [invalid(path.index(index), value, complaints.join(','))] : [];
  });
}

/** Rules for names asked for and names accepted alike. */
export function validateNames(names: CustomResourceDefinitionNames, path: FieldPath): FieldError[] {
  const { plural, singular, kind, listKind, shortNames, categories } = names;
  const isAmbiguous = Boolean(kind) && kind === listKind;
  return [
    ...validateLabel(plural, path.child('plural')),
    ...validateLabel(singular, path.child('singular')),
    ...validateKind(kind, path.child('kind')),
    ...validateKind(listKind, path.child('listKind')),
    ...validateEach(shortNames, path.child('shortNames')),
    ...(isAmbiguous ? [invalid(path.child('listKind'), listKind, 'kind and listKind may not be the same')] : []),
    ...validateEach(categories, path.child('categories')),
  ];
}

/** Names that a definition must ask for. */
export function validateRequiredNames(names: CustomResourceDefinitionNames, path: FieldPath): FieldError[] {
  const needed: readonly Text[] = ['plural', 'singular', 'kind', 'listKind'];
  return needed.filter((name) => !names[name]).map((name) => required(path.child(name)));
}
