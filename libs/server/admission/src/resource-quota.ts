import { type Evaluator, evaluatorOf, QuotaRefusal } from '@binnacle/apis-kubernetes/quota';
import type { Soon } from '@binnacle/machinery-context';
import {
  type AdmissionAttributes,
  forbidden,
  type RequestContext,
  type ResourceStore,
} from '@binnacle/server-registry';
import type { StorageReader } from '@binnacle/server-storage';
import type { AdmissionPlugin } from './admission-chain.js';
import { QuotaTurns, type Waiting } from './quota-turns.js';

const RESOURCE = 'resourcequotas';

/** Lets nothing be made of which a namespace has enough. It counts last, so that what others refuse is not counted. */
export class ResourceQuotaAdmission implements AdmissionPlugin {
  readonly name = 'ResourceQuota';
  private readonly turns: QuotaTurns;
  /** Of the kinds met so far, until a kind's definition is replaced. */
  private readonly evaluators = new WeakMap<AdmissionAttributes['definition'], Evaluator | undefined>();

  constructor(
    private readonly storage: StorageReader,
    quotas: () => ResourceStore,
  ) {
    this.turns = new QuotaTurns(quotas);
  }

  validate(ctx: RequestContext, attributes: AdmissionAttributes): Soon<void> {
    const waiting = this.countable(ctx, attributes);
    if (!waiting) return;
    const { namespace } = attributes;
    // A quota that is not known here yet has not been looked at by its controller either, and bounds nothing before.
    const known = this.storage.peekAll({ cluster: ctx.cluster, resource: RESOURCE, namespace });
    if (known?.length === 0) return;
    return this.count(attributes, waiting);
  }

  /** What of a request quotas may count, if anything. */
  private countable(ctx: RequestContext, attributes: AdmissionAttributes): Waiting | undefined {
    const { operation, definition, subresource, object, old, dryRun } = attributes;
    if (!object || !definition.namespaced || (operation !== 'CREATE' && operation !== 'UPDATE')) return undefined;
    const evaluator = this.evaluator(definition);
    const request = { operation, subresource, object, old };
    return evaluator?.handles(request) ? { evaluator, request, now: ctx.clock.now(), ctx, dryRun } : undefined;
  }

  private evaluator(definition: AdmissionAttributes['definition']): Evaluator | undefined {
    if (this.evaluators.has(definition)) return this.evaluators.get(definition);
    const evaluator = evaluatorOf({ group: definition.group, plural: definition.names.plural });
    this.evaluators.set(definition, evaluator);
    return evaluator;
  }

  private async count(attributes: AdmissionAttributes, waiting: Waiting): Promise<void> {
    const { definition, name, namespace } = attributes;
    try {
      await this.turns.count(namespace, waiting);
    } catch (error) {
      throw error instanceof QuotaRefusal ? forbidden(definition, name, error.message) : error;
    }
  }
}
