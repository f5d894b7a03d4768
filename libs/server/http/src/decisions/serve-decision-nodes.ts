import { newNotFound } from '@binnacle/machinery-meta';
import { type DecisionSource, nodesObject } from '@binnacle/server-history';
import { valueAnswer } from '../answer/object-answer.js';
import type { SubresourceServer } from '../verbs/subresource-handler.js';

const group = 'scheduling.binnacle.dev';

/** Serves `decisions/<name>/nodes`: what each single node said. */
export function serveDecisionNodes(decisions: DecisionSource): SubresourceServer {
  return {
    group,
    resource: 'decisions',
    subresource: 'nodes',
    serve: async (request, store, place) => {
      // Whether it is there, and may be read by who asks.
      await store.get(request.ctx, place);
      const detail = await decisions.detail(request.ctx, place);
      const nodes = detail && (await nodesObject(place, detail));
      if (!nodes) throw newNotFound({ group, resource: 'decisions/nodes' }, place.name);
      return valueAnswer(request, nodes);
    },
  };
}
