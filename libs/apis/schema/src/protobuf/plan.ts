import { perDefinition, schemaIn } from '../table.js';
import type { FieldSchema, SchemaTable } from '../types.js';

/** What a field number of a message means: a member of the JSON object, or a message whose fields are members of it. */
export type PlanEntry =
  | { readonly kind: 'field'; readonly field: FieldSchema; readonly number: number }
  | { readonly kind: 'nested'; readonly plan: MessagePlan; readonly number: number };

export type MessagePlan = Map<number, PlanEntry>;

function nestedPlan(plan: MessagePlan, number: number): MessagePlan {
  const known = plan.get(number);
  if (known?.kind === 'nested') return known.plan;
  const nested: MessagePlan = new Map();
  plan.set(number, { kind: 'nested', plan: nested, number });
  return nested;
}

function place(plan: MessagePlan, field: FieldSchema, path: readonly number[]): void {
  const [number, ...rest] = path;
  if (number === undefined) return;
  if (rest.length === 0) plan.set(number, { kind: 'field', field, number });
  else place(nestedPlan(plan, number), field, rest);
}

/** How messages of a definition are read; made when first asked for. */
export const planFor = perDefinition((schemas, name) => {
  const plan: MessagePlan = new Map();
  for (const field of schemaIn(schemas, name).fields.values()) place(plan, field, field.wire ?? []);
  return plan;
});

/** Whether a definition can be written as a message at all. */
export const isMessage = (schemas: SchemaTable, name: string): boolean => planFor(schemas, name).size > 0;
