import type { SubjectAccessReview } from '@binnacle/apis-kubernetes/authorization/v1';
import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import type { KubeClient, ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { recognized } from './approval-plan.js';
import { readable } from './certificate-request.js';
import { isUndecided } from './request-state.js';

type Request = CertificateSigningRequest;

const REVIEWS = '/apis/authorization.k8s.io/v1/subjectaccessreviews';

class Approving {
  private readonly requests: ResourceClient<Request>;

  constructor(private readonly client: KubeClient) {
    this.requests = client.resource<Request>(refs.certificatesigningrequests);
  }

  async handle(ctx: Context, request: Request): Promise<void> {
    const candidates = recognized(request.spec, readable(request));
    for (const { subresource, message } of candidates) {
      if (await this.isAllowed(ctx, request, subresource)) return this.approve(ctx, request, message);
    }
    if (candidates.length === 0) return;
    // Thrown, so that it is asked again: rights are given after requests are made.
    const tried = candidates.map(({ subresource }) => subresource).join(' ');
    throw new Error(`recognized as [${tried}] but subject access review was not approved`);
  }

  private async isAllowed(ctx: Context, { spec }: Request, subresource: string): Promise<boolean> {
    const { username: user, uid, groups, extra } = spec;
    const resourceAttributes = {
      group: refs.certificatesigningrequests.group,
      resource: refs.certificatesigningrequests.plural,
      version: '*',
      verb: 'create',
      subresource,
    };
    const review = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user, uid, groups, extra, resourceAttributes },
    };
    const { status, body } = await this.client.raw(ctx, 'POST', REVIEWS, JSON.stringify(review));
    if (status >= 300) throw new Error(`the access review was answered with ${status}`);
    return (JSON.parse(body) as SubjectAccessReview).status?.allowed === true;
  }

  private async approve(ctx: Context, request: Request, message: string): Promise<void> {
    const approved = { type: 'Approved', status: 'True', reason: 'AutoApproved', message };
    const { name = '', resourceVersion } = request.metadata;
    const conditions = [...(request.status?.conditions ?? []), approved];
    // With the version, so that what somebody denied meanwhile stays denied.
    const patch = { metadata: { resourceVersion }, status: { conditions } };
    await this.requests.patch(ctx, { name }, 'merge', patch, 'approval');
  }
}

/**
 * Approves what kubelets ask for to call the API server, where whoever asks may. Behaves as kubernetes
 * pkg/controller/certificates/approver.
 */
export function csrApprovingController({ client, informers }: ControllerDeps): Controller {
  const requests = informers.for<Request>(refs.certificatesigningrequests);
  const approving = new Approving(client);
  return createController({
    name: 'certificatesigningrequest-approving',
    reconciler: {
      reconcile: async (ctx, key) => {
        const request = requests.get(key);
        if (request && isUndecided(request)) await approving.handle(ctx, request);
        return done;
      },
    },
    sources: [fromObjects(requests)],
    // Upstream's back-off: what nobody may ask for is asked again more and more seldom.
    retry: { firstRetry: 200 },
    wakes: false,
  });
}
