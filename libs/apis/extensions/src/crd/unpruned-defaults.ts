import { cloneJson, equalJson } from '@binnacle/machinery-patch';
import { prune } from '../objects/prune.js';
import { someSchema } from '../schema/children.js';
import { isStructural } from '../schema/structural.js';
import type { JsonSchema } from '../schema/types.js';

/** Whether a default says something that its own schema would take away again. */
export function isUnpruned(schema: JsonSchema): boolean {
  if (schema.default === undefined || schema.default === null) return false;
  const pruned = cloneJson(schema.default);
  prune(pruned, schema, schema['x-kubernetes-embedded-resource'] ?? false);
  return !equalJson(pruned, schema.default);
}

/** Whether a structural schema has such a default anywhere. */
export function hasUnprunedDefaults(root: JsonSchema): boolean {
  return isStructural(root) && someSchema(root, isUnpruned);
}
