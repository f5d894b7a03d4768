import type { ConfigMap, Pod, Secret, ServiceAccount } from '@binnacle/apis-kubernetes/core/v1';
import { podReferences } from '@binnacle/apis-kubernetes/core/v1/pod-reading';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  LABEL_TOKEN_INVALID_SINCE,
  TOKEN_SECRET_TYPE,
  TOKEN_TRACKING_CONFIG_MAP,
  TOKEN_TRACKING_SINCE,
} from '@binnacle/apis-kubernetes/tokens';
import { againAt, type Controller, createController, type Outcome, type Reconciler } from '@binnacle/client-controller';
import type { SharedInformer } from '@binnacle/client-informers';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { ignoreNotFound, isConflict, isNotFound } from '@binnacle/machinery-meta';
import { DAY, isTracked, type TokenAct, tokenAct, type TokenUse } from './plan.js';

const ALL = 'all';
const PODS_BY_SECRET = 'podsBySecret';

interface CleanerOptions {
  readonly secrets: SharedInformer<Secret>;
  readonly accounts: SharedInformer<ServiceAccount>;
  readonly pods: SharedInformer<Pod>;
  readonly secretClient: ResourceClient<Secret>;
  readonly configMaps: ResourceClient<ConfigMap>;
  readonly unusedFor: number;
}

function secretKeys(pod: Pod): string[] {
  const names = [...podReferences(pod)].filter((reference) => reference.startsWith('secrets/'));
  return names.map((reference) => `${pod.metadata.namespace}/${reference.slice('secrets/'.length)}`);
}

/** Looks at all of them once a day. */
class CleanerReconciler implements Reconciler {
  private readonly use: TokenUse;

  constructor(private readonly options: CleanerOptions) {
    const { accounts, pods } = options;
    this.use = {
      account: (namespace, name) => accounts.get(`${namespace}/${name}`),
      isMounted: (namespace, secret) => pods.byIndex(PODS_BY_SECRET, `${namespace}/${secret}`).length > 0,
    };
  }

  async reconcile(ctx: Context): Promise<Outcome> {
    const terms = { now: ctx.clock.now(), unusedFor: this.options.unusedFor };
    if (!isTracked(await this.trackedSince(ctx), terms)) return againAt(terms.now + DAY);
    for (const secret of this.options.secrets.list()) {
      const act = tokenAct(secret, this.use, terms);
      if (act) await this.act(ctx, secret, act);
    }
    return againAt(terms.now + DAY);
  }

  private async trackedSince(ctx: Context): Promise<string | undefined> {
    const place = { namespace: 'kube-system', name: TOKEN_TRACKING_CONFIG_MAP };
    return (await ignoreNotFound(this.options.configMaps.get(ctx, place)))?.data?.[TOKEN_TRACKING_SINCE];
  }

  /** What changed meanwhile was perhaps used: it is looked at again tomorrow. */
  private async act(ctx: Context, { metadata }: Secret, act: TokenAct): Promise<void> {
    const { namespace, name = '', uid, resourceVersion } = metadata;
    const { secretClient } = this.options;
    try {
      if (act.kind === 'delete') {
        await secretClient.delete(ctx, { namespace, name }, { preconditions: { uid, resourceVersion } });
      } else {
        const labels = { [LABEL_TOKEN_INVALID_SINCE]: act.day };
        await secretClient.patch(ctx, { namespace, name }, 'merge', { metadata: { uid, resourceVersion, labels } });
      }
      ctx.logger.info('unused token of a service account', { secret: `${namespace}/${name}`, act: act.kind });
    } catch (error) {
      if (!isConflict(error) && !isNotFound(error)) throw error;
    }
  }
}

/**
 * Ends the tokens in Secrets that were made for accounts of old and that nobody has shown for `unusedFor` milliseconds.
 * Behaves as kubernetes pkg/controller/serviceaccount LegacySATokenCleaner.
 */
export function legacyTokenCleanerController({ client, informers }: ControllerDeps, unusedFor: number): Controller {
  const selection = { fieldSelector: `type=${TOKEN_SECRET_TYPE}` };
  const secrets = informers.for<Secret>(refs.secrets, { selection });
  const accounts = informers.for<ServiceAccount>(refs.serviceaccounts);
  const pods = informers.for<Pod>(refs.pods);
  pods.addIndex(PODS_BY_SECRET, secretKeys);
  const secretClient = client.resource<Secret>(refs.secrets);
  const configMaps = client.resource<ConfigMap>(refs.configmaps);
  const options = { secrets, accounts, pods, secretClient, configMaps, unusedFor };
  return createController({
    name: 'legacy-serviceaccount-token-cleaner',
    reconciler: new CleanerReconciler(options),
    sources: [{ start: (enqueue) => enqueue(ALL), synced: () => secrets.synced() }],
    synced: [accounts, pods],
    workers: 1,
    wakes: false,
  });
}
