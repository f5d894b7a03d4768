import { BOOL, type CelType, type Compilation, compiling, type MapType, mapOf, STRING } from '@binnacle/machinery-cel';
import type { Steps } from '@binnacle/machinery-context';

const MOST_ENTRIES = 32;
const MAX_DOMAIN = 63;
const MAX_ID = 32;
const MAX_DRIVER = 63;
const MAX_VALUE = 64;

/** What one selector may cost for one device, by estimate and as it runs. As kubernetes api/resource/v1. */
export const MAX_SELECTOR_COST = 1_000_000;

const QUANTITY: CelType = { kind: 'opaque', name: 'kubernetes.Quantity', parameters: [] };
const text = (maxElements: number): CelType => ({ ...STRING, maxElements }) as CelType;

const byDomain = (value: CelType): MapType =>
  mapOf(text(MAX_DOMAIN), mapOf(text(MAX_ID), value, MOST_ENTRIES), MOST_ENTRIES);

/** What a selector sees of a device: attributes and capacities by domain, then by name. */
const DEVICE: CelType = {
  kind: 'object',
  name: 'kubernetes.DRADevice',
  fields: new Map<string, CelType>([
    ['driver', text(MAX_DRIVER)],
    ['allowMultipleAllocations', { ...BOOL, maxElements: 1 } as CelType],
    ['attributes', byDomain({ kind: 'dyn', maxElements: MAX_VALUE })],
    ['capacity', byDomain(QUANTITY)],
  ]),
};

/** Compiles a selector's expression in steps. Behaves as kubernetes dynamic-resource-allocation/cel CompileCELExpression. */
export function* compilingSelector(expression: string): Steps<Compilation> {
  return yield* compiling(expression, { variables: { device: DEVICE } });
}
