import type { ConfigMap, Secret } from '@binnacle/apis-kubernetes/core/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import {
  againAt,
  type Controller,
  createController,
  done,
  fromChanges,
  fromObjects,
} from '@binnacle/client-controller';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { BOOTSTRAP_NAMESPACE, BOOTSTRAP_TOKEN_TYPE, bootstrapTokenEnds, signingToken } from './bootstrap-token.js';
import { signedData } from './signatures.js';

const NAME = 'cluster-info';
const KEY = `kube-public/${NAME}`;

/**
 * Signs the ConfigMap `cluster-info` with every token that may, so that who has one can believe what it reads there before
 * it knows the authority. A token's signature goes when the token ends. Behaves as kubernetes pkg/controller/bootstrap Signer.
 */
export function bootstrapSignerController({ client, informers }: ControllerDeps): Controller {
  const configMapClient = client.resource<ConfigMap>(refs.configmaps);
  const configMaps = informers.for<ConfigMap>(refs.configmaps, {
    selection: { namespace: 'kube-public', fieldSelector: `metadata.name=${NAME}` },
  });
  const secrets = informers.for<Secret>(refs.secrets, {
    selection: { namespace: BOOTSTRAP_NAMESPACE, fieldSelector: `type=${BOOTSTRAP_TOKEN_TYPE}` },
  });
  return createController({
    name: 'bootstrap-signer',
    reconciler: {
      reconcile: async (ctx, key) => {
        const configMap = configMaps.get(key);
        if (!configMap) return done;
        const now = ctx.clock.now();
        const tokens = secrets.list().flatMap((secret) => signingToken(secret, now) ?? []);
        const data = signedData(configMap.data ?? {}, tokens);
        if (data) await configMapClient.update(ctx, { ...configMap, data });
        const ends = secrets
          .list()
          .flatMap((secret) => bootstrapTokenEnds(secret) ?? [])
          .filter((end) => end > now);
        return ends.length > 0 ? againAt(Math.min(...ends)) : done;
      },
    },
    sources: [fromObjects(configMaps), fromChanges(secrets, (_secret, _old, enqueue) => enqueue(KEY))],
  });
}
