import type { KubeObject } from '@binnacle/machinery-meta';
import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf, UNSET } from '@binnacle/apis-registry';
import { type BindingSpec, formatParamRef } from './param-ref.js';
import type { ParamKind } from './index.js';

interface Policy extends KubeObject {
  readonly spec?: { readonly paramKind?: ParamKind };
}

interface Binding extends KubeObject {
  readonly spec?: BindingSpec;
}

const kindOf = ({ spec }: Policy): string =>
  spec?.paramKind ? `${spec.paramKind.apiVersion ?? ''}/${spec.paramKind.kind ?? ''}` : UNSET;

/** Shows a policy by what it counts, under that title. */
export function policyPrinter<T extends Policy>(title: string, count: (policy: T) => number): TablePrinter<T> {
  return {
    columns: [
      nameColumn,
      column(title, `Number of ${title.toLowerCase()}.`, { type: 'integer' }),
      column('ParamKind', 'The kind of its parameters.'),
      ageColumn,
    ],
    row: (policy, now) => [nameOf(policy), count(policy), kindOf(policy), ageOf(policy, now)],
  };
}

export const bindingPrinter: TablePrinter<Binding> = {
  columns: [
    nameColumn,
    column('PolicyName', 'The policy that is put in force.'),
    column('ParamRef', 'The parameters it is put in force with.'),
    ageColumn,
  ],
  row: (binding, now) => [
    nameOf(binding),
    binding.spec?.policyName ?? '',
    formatParamRef(binding.spec ?? {}),
    ageOf(binding, now),
  ],
};
