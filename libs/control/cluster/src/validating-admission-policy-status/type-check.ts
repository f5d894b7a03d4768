import {
  type ExpressionWarning,
  type ObjectTypes,
  typeIssues,
  type ValidatingAdmissionPolicy,
} from '@binnacle/apis-kubernetes/admissionregistration/v1';

/** A kind a policy is about, and how expressions see its objects. */
export interface CheckedType extends ObjectTypes {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Sorted as upstream lists them. */
export const byName = (a: CheckedType, b: CheckedType): number =>
  [a.group, a.version, a.kind].join('\n') < [b.group, b.version, b.kind].join('\n') ? -1 : 1;

/** As Go prints a kind. */
const nameOf = ({ group, version, kind }: CheckedType) => `${group}/${version}, Kind=${kind}`;

interface Expression {
  readonly fieldRef: string;
  readonly text: string;
}

function expressionsOf({ spec }: ValidatingAdmissionPolicy): Expression[] {
  return (spec?.validations ?? []).flatMap(({ expression, messageExpression }, index) => [
    { fieldRef: `spec.validations[${index}].expression`, text: expression },
    ...(messageExpression
      ? [{ fieldRef: `spec.validations[${index}].messageExpression`, text: messageExpression }]
      : []),
  ]);
}

/** What is wrong with the expressions of a policy for the objects it is about. */
export function expressionWarnings(
  policy: ValidatingAdmissionPolicy,
  types: readonly CheckedType[],
): ExpressionWarning[] {
  const checks = types.map((type) => ({ name: nameOf(type), check: typeIssues(type, policy.spec?.variables ?? []) }));
  return expressionsOf(policy).flatMap(({ fieldRef, text }) => {
    const found = checks.flatMap(({ name, check }) => {
      const issue = check(text);
      return issue === undefined ? [] : [`${name}: ${issue}\n`];
    });
    return found.length > 0 ? [{ fieldRef, warning: found.join('\n') }] : [];
  });
}
