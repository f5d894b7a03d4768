import type { CelType } from '../types/index.js';
import { Uint, type Value } from '../values/index.js';

const KINDS: Readonly<Record<string, CelType>> = {
  boolean: { kind: 'bool' },
  bigint: { kind: 'int' },
  number: { kind: 'double' },
  string: { kind: 'string' },
};

export function typeOfLiteral(value: Value): CelType {
  if (value === null) return { kind: 'null' };
  return KINDS[typeof value] ?? { kind: value instanceof Uint ? 'uint' : 'bytes' };
}
