import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, formatType, optionalOf } from './index.js';
import { render } from './testing/render.js';
import { type CaseSchema, schemaType } from './testing/schema-type.js';

/** What kube-apiserver 1.36 makes of an expression. */
interface Case {
  readonly expr: string;
  readonly fail?: string;
  readonly reason?: string;
  readonly type?: string;
  readonly min?: number;
  readonly max?: number;
  readonly value?: string;
  readonly error?: string;
  readonly cost?: number;
}

interface Group {
  readonly about: string;
  readonly schema: CaseSchema;
  readonly self?: unknown;
  readonly oldSelf?: unknown;
  readonly optionalOldSelf?: boolean;
  readonly cases: readonly Case[];
}

const file = new URL('./testing/kubernetes-cases.json', import.meta.url);
const groups = JSON.parse(readFileSync(file, 'utf8')) as readonly Group[];

function outcome({ schema, self, oldSelf, optionalOldSelf }: Group, { expr }: Case): Case {
  const type = schemaType(schema);
  const variables = { self: type, oldSelf: optionalOldSelf ? optionalOf(type) : type };
  const compiled = compile(expr, { variables });
  if (!compiled.ok) return { expr, fail: compiled.message, reason: compiled.reason };
  const { program, cost } = compiled;
  const evaluation = program.evaluate({ self, oldSelf });
  const end = evaluation.ok ? { value: render(evaluation.value) } : { error: evaluation.message };
  // Estimates beyond what a double tells exactly are compared to nine digits.
  const max = cost.max > Number.MAX_SAFE_INTEGER ? Number(cost.max.toPrecision(9)) : cost.max;
  return { expr, type: formatType(program.type), min: cost.min, max, ...end, cost: evaluation.cost };
}

describe.each(groups)('expressions of $about', (group) => {
  it.each(group.cases)('does with $expr what kube-apiserver does', (expected) => {
    expect(outcome(group, expected)).toEqual(expected);
  });
});
