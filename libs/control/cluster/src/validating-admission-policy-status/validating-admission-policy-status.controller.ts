import type { ValidatingAdmissionPolicy } from '@binnacle/apis-kubernetes/admissionregistration/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import type { KubeClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import { DYN } from '@binnacle/machinery-cel';
import type { Context } from '@binnacle/machinery-context';
import { ServedTypes } from './served-types.js';
import { byName, type CheckedType, expressionWarnings } from './type-check.js';
import { MOST_TYPES, resourcesToCheck } from './types-to-check.js';

type Policy = ValidatingAdmissionPolicy;

/** What is not served may be anything. */
async function paramsOf(ctx: Context, served: ServedTypes, { spec }: Policy): Promise<Pick<CheckedType, 'params'>> {
  const { apiVersion = '', kind = '' } = spec?.paramKind ?? {};
  if (!kind) return {};
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  return { params: (await served.typeOf(ctx, { group, version, kind })) ?? DYN };
}

/** The kinds a policy names, as they are served now. */
async function typesOf(ctx: Context, client: KubeClient, policy: Policy): Promise<CheckedType[]> {
  const served = new ServedTypes(client);
  const params = await paramsOf(ctx, served, policy);
  const types: CheckedType[] = [];
  for (const resource of resourcesToCheck(policy)) {
    if (types.length === MOST_TYPES) break;
    const kind = await served.kindOf(ctx, resource);
    const { group, version } = resource;
    const object = kind && (await served.typeOf(ctx, { group, version, kind }));
    if (kind && object) types.push({ group, version, kind, object, ...params });
  }
  return types.sort(byName);
}

const isObserved = ({ metadata, status }: Policy) => (metadata.generation ?? 0) <= (status?.observedGeneration ?? 0);

/**
 * Tells of each policy what is wrong with its expressions for what it is about; that keeps none from working. Behaves as kubernetes
 * pkg/controller/validatingadmissionpolicystatus.
 */
export function validatingAdmissionPolicyStatusController({ client, informers }: ControllerDeps): Controller {
  const policies = informers.for<Policy>(refs.validatingadmissionpolicies);
  const policyClient = client.resource<Policy>(refs.validatingadmissionpolicies);
  return createController({
    name: 'validatingadmissionpolicy-status',
    reconciler: {
      async reconcile(ctx, key) {
        const policy = policies.get(key);
        if (!policy || isObserved(policy)) return done;
        const warnings = expressionWarnings(policy, await typesOf(ctx, client, policy));
        const typeChecking = warnings.length > 0 ? { expressionWarnings: warnings } : {};
        const status = { ...policy.status, observedGeneration: policy.metadata.generation ?? 0, typeChecking };
        await policyClient.updateStatus(ctx, { ...policy, status });
        return done;
      },
    },
    sources: [fromObjects(policies)],
  });
}
