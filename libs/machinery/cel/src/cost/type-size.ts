import { type CelType, unwrapOptional } from '../types/index.js';
import { MOST, type Range } from './range.js';

/** Keys count as nothing where their type says no size, as upstream declares them. */
const boundedKey = (key: CelType): CelType => (key.kind === 'string' ? { maxElements: 0, ...key } : key);

function step(type: CelType, name: string): CelType | undefined {
  if (name === '@items' || name === '@values') {
    if (type.kind === 'list') return type.element;
    return type.kind === 'map' ? type.value : undefined;
  }
  if (name === '@keys') return type.kind === 'map' ? boundedKey(type.key) : undefined;
  // Of what type it is is not known, but how large it is at most, whatever it is called: so attributes of devices are declared.
  if (type.kind === 'map' && type.value.kind === 'dyn' && type.value.maxElements !== undefined) return type.value;
  return type.kind === 'object' ? type.fields.get(name) : undefined;
}

/** Kinds of values whose size is bounded by nothing but their type's word for it. */
const SIZED = new Set<CelType['kind']>(['string', 'bytes', 'list', 'map', 'dyn']);

function maxElements(type: CelType): number {
  const own = 'maxElements' in type ? type.maxElements : undefined;
  return own ?? (SIZED.has(type.kind) ? MOST : 0);
}

/**
 * The size of what stands at a path, or undefined where no variable has it. A name that is no variable stands
 * for `self`, as upstream's estimator takes every path to begin there.
 */
export function sizeAtPath(variables: Readonly<Record<string, CelType>>, path: readonly string[]): Range | undefined {
  const [name, ...steps] = path;
  const root = name === undefined ? undefined : Object.hasOwn(variables, name) ? variables[name] : variables.self;
  let type = root && (unwrapOptional(root) ?? root);
  for (const next of steps) type = type && step(type, next);
  return type && { min: 0, max: maxElements(type) };
}
