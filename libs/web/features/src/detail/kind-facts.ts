import type { UnstructuredObject } from '@binnacle/web-data';
import type { Fact, KindView, Surroundings } from '../view/kind-view.js';
import type { Translate } from '../messages/index.js';

/** Every column's fact, in the summary's own words where it has some, and what the summary says besides. */
export function mergeFacts(columns: readonly Fact[], told: readonly Fact[]): Fact[] {
  const named = new Set(columns.map(({ column }) => column));
  const words = new Map(told.map((fact) => [fact.column, fact]));
  return [
    ...columns.map((fact) => (fact.column ? (words.get(fact.column) ?? fact) : fact)),
    ...told.filter(({ column }) => column === undefined || !named.has(column)),
  ];
}

/** Stands beside the name. */
const HEADED = 'status';

/** What is known of an object of its kind: nothing that a list says of it is missing. */
export function kindFacts(view: KindView, object: UnstructuredObject, t: Translate, around: Surroundings): Fact[] {
  const columns = (view.columns?.(t, around) ?? []).filter(({ id }) => id !== HEADED);
  return mergeFacts(
    columns.map(({ id, title, cell }) => ({ column: id, label: title, value: cell(object) })),
    view.facts?.(object, t) ?? [],
  );
}
