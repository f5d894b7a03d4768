import type { Steps } from '@binnacle/machinery-context';
import { type FieldError, type FieldPath, forbidden, internalError, invalid } from '@binnacle/machinery-validation';
import { EMBEDDED, type JsonSchema, RULES, type ValidationRule } from '../schema/types.js';
import { type Compile, type CompiledRule, mostInOneRequest, rulesOf } from './compile.js';
import { costMessage, EXPRESSION_COST_LIMIT, mostParts, multiplied, TotalCost } from './cost.js';
import { declaredType } from './declared-type.js';

const UNTYPED =
  'internal error: failed to construct type information for x-kubernetes-validations rules: unable to convert structural schema to CEL declarations';

/** What all the schemas of one definition's version share. */
interface Shared {
  readonly compile: Compile;
  readonly judgeCost: boolean;
  readonly total: TotalCost;
}

/** A rule as upstream prints it in messages. */
function printable(rule: ValidationRule): object {
  const {
    rule: text,
    message = '',
    messageExpression = '',
    reason = null,
    fieldPath = '',
    optionalOldSelf = null,
  } = rule;
  return {
    Rule: text,
    Message: message,
    MessageExpression: messageExpression,
    Reason: reason,
    FieldPath: fieldPath,
    OptionalOldSelf: optionalOldSelf,
  };
}

/**
 * The rules of a schema while its definition is checked: they must compile and must not cost too much, counting how often
 * the schema's values may stand in one object. Behaves as upstream's CELSchemaContext.
 */
export class Rules {
  private constructor(
    private readonly schema: JsonSchema,
    private readonly isRoot: boolean,
    /** How often values of the schema may stand in one object; undefined where nothing says so. */
    private readonly times: number | undefined,
    private readonly shared: Shared,
  ) {}

  static of(schema: JsonSchema, compile: Compile, judgeCost: boolean): Rules {
    return new Rules(schema, true, 1, { compile, judgeCost, total: new TotalCost() });
  }

  below(schema: JsonSchema): Rules {
    const parts = mostParts(this.schema);
    const times = this.times === undefined || parts === undefined ? undefined : multiplied(this.times, parts);
    return new Rules(schema, false, times, this.shared);
  }

  totalCost(path: FieldPath): FieldError[] {
    return this.shared.total.validate(path);
  }

  *validate(path: FieldPath, uncorrelatable: FieldPath | undefined): Steps<FieldError[]> {
    const at = path.child(RULES);
    const isResource = this.isRoot || this.schema[EMBEDDED] === true;
    const declared = declaredType(this.schema, isResource);
    if (!declared) {
      return [internalError(at, UNTYPED)];
    }
    const times = this.times ?? mostInOneRequest(declared);
    const compiled = yield* rulesOf(this.schema, isResource, this.shared.compile);
    return compiled.flatMap((rule, index) => [
      ...this.validateCosts(rule, times, at.index(index)),
      ...this.validateCompiled(rule, at.index(index)),
      ...validateOldSelf(rule, uncorrelatable, at.index(index)),
    ]);
  }

  private validateCosts(rule: CompiledRule, times: number, path: FieldPath): FieldError[] {
    const costs = [
      { at: path.child('rule'), what: 'estimated rule cost', cost: multiplied(rule.cost, times) },
      { at: path.child('messageExpression'), what: 'estimated messageExpression cost', cost: rule.messageCost },
    ];
    return costs.flatMap(({ at, what, cost }) => {
      this.shared.total.observe(at, cost);
      if (!this.shared.judgeCost || cost <= EXPRESSION_COST_LIMIT) return [];
      return [forbidden(at, costMessage(what, cost, EXPRESSION_COST_LIMIT))];
    });
  }

  private validateCompiled({ problem, messageProblem, rule }: CompiledRule, path: FieldPath): FieldError[] {
    return [
      ...(problem ? [invalid(path.child('rule'), printable(rule), problem)] : []),
      ...(messageProblem ? [invalid(path.child('messageExpression'), printable(rule), messageProblem)] : []),
    ];
  }
}

function validateOldSelf(rule: CompiledRule, uncorrelatable: FieldPath | undefined, path: FieldPath): FieldError[] {
  const { optionalOldSelf } = rule.rule;
  if (!rule.usesOldSelf) {
    if (optionalOldSelf === undefined) return [];
    return [invalid(path.child('optionalOldSelf'), optionalOldSelf, 'may not be set if oldSelf is not used in rule')];
  }
  if (!uncorrelatable) return [];
  const why = `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelatable}`;
  return [invalid(path.child('rule'), rule.rule.rule, why)];
}
