import type { KubeClient } from '@binnacle/client-rest';
import type { Context } from '@binnacle/machinery-context';

const COUNTED = /^apiserver_request_total\{([^}]*)\} (\S+)$/gm;
const READS = /verb="(?:get|list|watch|head|connect)"/i;
/** Signs of life and what is told of changes are no changes. */
const ASIDE = /resource="(?:leases|events)"/;

/** Requests that changed something, in the text of an API server's metrics. */
export function writesOf(metrics: string): number {
  let writes = 0;
  for (const [, labels = '', count] of metrics.matchAll(COUNTED)) {
    if (labels.includes('resource="') && !READS.test(labels) && !ASIDE.test(labels)) writes += Number(count);
  }
  return writes;
}

/** Those an API server has answered so far. */
export const writesIn = async (ctx: Context, client: KubeClient): Promise<number> =>
  writesOf((await client.raw(ctx, 'GET', '/metrics')).body);
