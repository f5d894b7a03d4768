import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf, NONE } from '@binnacle/apis-registry';
import { ANNOTATION_DEFAULT_INGRESS_CLASS } from '../../../well-known/index.js';
import type { IngressClass } from '../index.js';

function parametersText({ spec }: IngressClass): string {
  if (!spec?.parameters) return NONE;
  const { apiGroup, kind, name } = spec.parameters;
  return `${kind}${apiGroup === undefined ? '' : `.${apiGroup}`}/${name}`;
}

export const printer: TablePrinter<IngressClass> = {
  columns: [
    nameColumn,
    column('Controller', 'What serves Ingresses of the class.'),
    column('Parameters', 'What the controller is told besides.'),
    ageColumn,
  ],
  row: (ingressClass, now) => [
    ingressClass.metadata.annotations?.[ANNOTATION_DEFAULT_INGRESS_CLASS] === 'true'
      ? `${nameOf(ingressClass)} (default)`
      : nameOf(ingressClass),
    ingressClass.spec?.controller ?? '',
    parametersText(ingressClass),
    ageOf(ingressClass, now),
  ],
};
