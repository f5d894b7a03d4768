import { DECISIONS_PATH, MOST_BATCH_VALUES } from '@binnacle/apis-kubernetes/decisions/record';
import { newMethodNotAllowed } from '@binnacle/machinery-meta';
import { readBatch } from '@binnacle/server-history';
import type { DecisionStore } from '@binnacle/server-storage';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from '../request/api-request.js';
import type { PathHandler } from '../paths/api-handler.js';

const NO_BODY = Buffer.alloc(0);

/** Takes what schedulers decided, many decisions at a time. The rules say who may send it: nobody but they. */
export class DecisionsHandler implements PathHandler {
  readonly bodyValues = { [DECISIONS_PATH]: MOST_BATCH_VALUES };

  constructor(private readonly store: DecisionStore) {}

  handle(request: ApiRequest): Promise<ApiAnswer> | undefined {
    if (request.info.path !== DECISIONS_PATH) return undefined;
    if (request.method !== 'POST') throw newMethodNotAllowed();
    return this.append(request);
  }

  private async append({ ctx, info, body = NO_BODY }: ApiRequest): Promise<ApiAnswer> {
    const decisions = readBatch(body);
    await this.store.append(ctx, info.cluster, decisions);
    return jsonAnswer({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' }, 201);
  }
}
