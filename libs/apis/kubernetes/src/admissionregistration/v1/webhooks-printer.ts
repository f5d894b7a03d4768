import type { KubeObject } from '@binnacle/machinery-meta';
import { type TablePrinter, ageColumn, ageOf, column, nameColumn, nameOf } from '@binnacle/apis-registry';

interface WithWebhooks extends KubeObject {
  readonly webhooks?: readonly unknown[];
}

export const webhooksPrinter: TablePrinter<WithWebhooks> = {
  columns: [nameColumn, column('Webhooks', 'Number of webhooks.', { type: 'integer' }), ageColumn],
  row: (configuration, now) => [nameOf(configuration), configuration.webhooks?.length ?? 0, ageOf(configuration, now)],
};
