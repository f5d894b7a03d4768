import type { Context } from '@binnacle/machinery-context';
import { newNotFound } from '@binnacle/machinery-meta';
import { blameOf, type Moments } from '@binnacle/server-history';
import type { HistoryStore } from '@binnacle/server-storage';
import { valueAnswer } from '../answer/object-answer.js';
import type { SubresourceServer } from '../verbs/subresource-handler.js';

const group = 'history.binnacle.dev';

/** Serves `changes/<revision>/blame`: who set each field of the object, as it was with that change. */
export function serveBlame(moments: Pick<Moments, 'resolve'>, log: Pick<HistoryStore, 'changes'>): SubresourceServer {
  return {
    group,
    resource: 'changes',
    subresource: 'blame',
    serve: async (request, store, place) => {
      const ctx: Context & { readonly cluster: string } = request.ctx;
      // Whether it is there, and its object may be read by who asks.
      await store.get(request.ctx, place);
      const { cluster } = await moments.resolve(ctx, ctx.cluster);
      const blame = await blameOf(ctx, log, cluster, Number(place.name));
      if (!blame) throw newNotFound({ group, resource: 'changes/blame' }, place.name);
      const metadata = { name: place.name, namespace: place.namespace };
      return valueAnswer(request, { apiVersion: `${group}/v1`, kind: 'Blame', metadata, ...blame });
    },
  };
}
