import { BOOL, type CelType, compile, DYN, formatType, mapOf, STRING } from '@binnacle/machinery-cel';
import {
  type FieldError,
  type FieldPath,
  internalError,
  invalid,
  required,
  tooLong,
} from '@binnacle/machinery-validation';
import type { DeviceSelector } from './index.js';
import { validateList } from './lists.js';

const MOST_SELECTORS = 32;
const MAX_EXPRESSION = 10 * 1024;
const QUANTITY: CelType = { kind: 'opaque', name: 'kubernetes.Quantity', parameters: [] };

/** What a selector sees of a device: attributes and capacities by domain, then by name. */
const DEVICE: CelType = {
  kind: 'object',
  name: 'kubernetes.DRADevice',
  fields: new Map<string, CelType>([
    ['driver', STRING],
    ['allowMultipleAllocations', BOOL],
    ['attributes', mapOf(STRING, mapOf(STRING, DYN))],
    ['capacity', mapOf(STRING, mapOf(STRING, QUANTITY))],
  ]),
};

/** What is wrong with an expression. Unlike upstream's its cost has no bound yet, as nothing evaluates it. */
function validateExpression(text: string, path: FieldPath): FieldError[] {
  if (text.length > MAX_EXPRESSION) return [tooLong(path, MAX_EXPRESSION)];
  const compiled = compile(text, { variables: { device: DEVICE } });
  if (!compiled.ok && compiled.reason === 'program') return [internalError(path, compiled.message)];
  if (!compiled.ok) return [invalid(path, text, `compilation failed: ${compiled.message}`)];
  const { type } = compiled.program;
  if (type.kind === 'bool' || type.kind === 'dyn') return [];
  return [invalid(path, text, `must evaluate to bool or the unknown type, not ${formatType(type)}`)];
}

/** Which devices are meant: all of the selectors have to agree. */
export function validateSelectors(selectors: readonly DeviceSelector[] | undefined, path: FieldPath): FieldError[] {
  return validateList(selectors, path, MOST_SELECTORS, ({ cel }, at) => {
    const where = at.child('cel');
    return cel ? validateExpression(cel.expression ?? '', where.child('expression')) : [required(where)];
  });
}
