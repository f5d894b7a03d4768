import type { ResetFields, ResourceDefinition } from './definition.js';

const SPEC: ResetFields = [['spec']];
const STATUS: ResetFields = [['status']];
const NOTHING: ResetFields = [];

/** What an endpoint of a kind leaves as it was; `subresource` is empty for the object itself. */
export function resetFieldsOf({ strategy, subresources }: ResourceDefinition, subresource: string): ResetFields {
  const said = strategy.resetFields?.[subresource];
  if (said) return said;
  if (!subresources.some(({ name }) => name === 'status')) return NOTHING;
  return subresource === 'status' ? SPEC : STATUS;
}
