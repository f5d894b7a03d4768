import { refs } from '../../../refs/index.js';
import { defineResource } from '../../../schemas/define-resource.js';
import { priority } from '../priority.js';
import { addressOf, column, nameColumn, nameOf, type TablePrinter } from '@binnacle/apis-registry';
import type { ComponentStatus } from '../index.js';

function healthOf({ conditions = [] }: ComponentStatus): [status: string, message: string, error: string] {
  const health = conditions.find(({ type }) => type === 'Healthy');
  if (!health) return ['Unknown', '', ''];
  const status = health.status === 'True' ? 'Healthy' : 'Unhealthy';
  return [status, health.message ?? '', health.error ?? ''];
}

const printer: TablePrinter<ComponentStatus> = {
  columns: [
    nameColumn,
    column('Status', 'Whether the component does its work.'),
    column('Message', 'What it says of itself.'),
    column('Error', 'Why it could not be asked.'),
  ],
  row: (component) => [nameOf(component), ...healthOf(component)],
};

/** How the components are, which is looked at when somebody asks: nothing of it is kept. */
export const componentStatuses = defineResource<ComponentStatus>({
  ...addressOf(refs.componentstatuses, ['cs']),
  priority,
  verbs: ['get', 'list'],
  subresources: [],
  schema: 'io.k8s.api.core.v1.ComponentStatus',
  deprecation: 'v1 ComponentStatus is deprecated in v1.19+',
  strategy: {},
  printer,
  fields: {},
});
