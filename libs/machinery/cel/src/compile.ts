import { finished, type Steps } from '@binnacle/machinery-context';
import { check, validate } from './checker/index.js';
import { Estimator } from './cost/index.js';
import { PlannedProgram, ProgramError } from './evaluation/index.js';
import type { Compilation, CompileOptions } from './program.js';
import { parse, Source, type SourceError } from './syntax/index.js';

type Failure = Extract<Compilation, { ok: false }>;

function refused(source: Source, found: readonly SourceError[]): Failure {
  const errors = source.toErrors(found);
  return { ok: false, reason: 'compilation', message: source.display(errors), errors };
}

const failed = (reason: Failure['reason'], message: string): Failure => ({
  ok: false,
  reason,
  message,
  errors: [{ message, line: 1, column: 1 }],
});

/**
 * Reads, checks and plans an expression of Kubernetes' CEL, and bounds what it may cost, each in a step. It never throws, whatever
 * the text. Behaves as kubernetes apiserver pkg/cel/environment at 1.36.
 */
export function* compiling(text: string, { variables, result }: CompileOptions): Steps<Compilation> {
  const source = new Source(text);
  const parsed = parse(text);
  if ('errors' in parsed) return refused(source, parsed.errors);
  yield;
  const { expr } = parsed;
  const { type, checked, errors } = check(expr, variables);
  if (errors.length > 0) return refused(source, errors);
  yield;
  const invalid = validate(expr, checked);
  if (invalid.length > 0) return refused(source, invalid);
  if (result !== undefined && type.kind !== result)
    return failed('result', `cel expression must evaluate to a ${result}`);
  try {
    const program = new PlannedProgram(text, type, variables, { expr, checked });
    yield;
    return { ok: true, program, cost: new Estimator(checked, variables).cost(expr) };
  } catch (error) {
    if (error instanceof ProgramError) return failed('program', error.message);
    throw error;
  }
}

/** The same at once. */
export const compile = (text: string, options: CompileOptions): Compilation => finished(compiling(text, options));
