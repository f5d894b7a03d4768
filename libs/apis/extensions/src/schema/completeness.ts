import { type FieldError, type FieldPath, required } from '@binnacle/machinery-validation';
import { itemsOf, propertiesOf, propertyOf } from './children.js';
import type { JsonSchema } from './types.js';

/** A place of the structure and the place in a clause that speaks of it. */
interface Places {
  readonly structure: FieldPath;
  readonly clause: FieldPath;
}

const step = (places: Places, move: (path: FieldPath) => FieldPath): Places => ({
  structure: move(places.structure),
  clause: move(places.clause),
});

const missing = ({ structure, clause }: Places): FieldError =>
  required(structure, `because it is defined in ${clause}`);

function validateClauseMembers(clause: JsonSchema, schema: JsonSchema, places: Places): FieldError[] {
  const errors: FieldError[] = [];
  const items = itemsOf(clause);
  if (items)
    errors.push(
      ...validateClause(
        items,
        itemsOf(schema),
        step(places, (path) => path.child('items')),
      ),
    );
  for (const [name, property] of propertiesOf(clause)) {
    const below = step(places, (path) => path.child('properties').key(name));
    errors.push(...validateClause(property, propertyOf(schema, name), below));
  }
  return errors;
}

function validateClause(clause: JsonSchema, schema: JsonSchema | undefined, places: Places): FieldError[] {
  if (!schema) return [missing(places)];
  return [...validateClauses(clause, schema, places), ...validateClauseMembers(clause, schema, places)];
}

function validateClauses(holder: JsonSchema, schema: JsonSchema, { structure, clause: path }: Places): FieldError[] {
  const { not, allOf = [], anyOf = [], oneOf = [] } = holder;
  const numbered = Object.entries({ allOf, anyOf, oneOf }).flatMap(([name, clauses]) =>
    clauses.map((clause, index) => [clause, path.child(name).index(index)] as const),
  );
  const clauses = not ? [[not, path.child('not')] as const, ...numbered] : numbered;
  return clauses.flatMap(([clause, at]) => validateClause(clause, schema, { structure, clause: at }));
}

/**
 * Whether everything that the clauses of a schema speak of is there in its structure too. Clauses of schemas further down
 * are not looked at, as upstream does not.
 */
export function validateCompleteness(schema: JsonSchema, path: FieldPath): FieldError[] {
  return validateClauses(schema, schema, { structure: path, clause: path });
}
