import type { FieldError, FieldPath } from '@binnacle/machinery-validation';
import type { JsonSchema } from '../schema/types.js';
import type { Compile } from './compile.js';
import { judgeValue } from './judge.js';
import { Rules } from './scope.js';

/** Compiles the rules of definitions, and judges defaults by them, with a compiler of expressions. */
export function ruleCompiler(compile: Compile) {
  return {
    scope: (schema: JsonSchema, judgeCost: boolean): Rules => Rules.of(schema, compile, judgeCost),
    /** A default must be good both as something new and as something that stays. */
    judge: (value: unknown, schema: JsonSchema, isResource: boolean, path: FieldPath): FieldError[] => {
      const options = { schema, compile, path, isResource };
      const kept = judgeValue(value, value, undefined, options).errors;
      return [...(kept.length > 0 ? kept : judgeValue(value, undefined, undefined, options).errors)];
    },
  };
}
