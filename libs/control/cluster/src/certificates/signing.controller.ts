import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { refs } from '@binnacle/apis-kubernetes/refs';
import { type Controller, createController, done, fromObjects } from '@binnacle/client-controller';
import type { ResourceClient } from '@binnacle/client-rest';
import type { ControllerDeps } from '@binnacle/control-workloads';
import type { Context } from '@binnacle/machinery-context';
import { type SignCertificate, unfit } from './certificate-authority.js';
import { readable } from './certificate-request.js';
import { isToBeSigned } from './request-state.js';
import { refusalOf } from './signer-rules.js';

type Request = CertificateSigningRequest;
type Status = NonNullable<Request['status']>;

function failed(request: Request, message: string): Status {
  const conditions = [...(request.status?.conditions ?? [])];
  conditions.push({ type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message });
  return { ...request.status, conditions };
}

class Signing {
  constructor(
    private readonly client: ResourceClient<Request>,
    private readonly sign: SignCertificate,
  ) {}

  async handle(ctx: Context, request: Request): Promise<void> {
    const { signerName, usages = [], expirationSeconds } = request.spec;
    const refusal = refusalOf(signerName);
    if (!refusal) return;
    const asked = readable(request);
    const why = refusal(asked, usages);
    if (why) return this.write(ctx, request, failed(request, why));
    const terms = { usages, ...(expirationSeconds !== undefined && { expirationSeconds }) };
    const signed = await this.sign(asked, terms, ctx.clock.now());
    const flaw = unfit(signed, asked);
    if (flaw) return this.write(ctx, request, failed(request, flaw));
    await this.write(ctx, request, { ...request.status, certificate: Buffer.from(signed).toString('base64') });
  }

  private async write(ctx: Context, request: Request, status: Status): Promise<void> {
    await this.client.updateStatus(ctx, { ...request, status });
  }
}

/**
 * Signs what was approved for the cluster's own signers, or says why it does not. Behaves as kubernetes
 * pkg/controller/certificates/signer, whose four loops are one here.
 */
export function csrSigningController({ client, informers }: ControllerDeps, sign: SignCertificate): Controller {
  const requests = informers.for<Request>(refs.certificatesigningrequests);
  const signing = new Signing(client.resource<Request>(refs.certificatesigningrequests), sign);
  return createController({
    name: 'certificatesigningrequest-signing',
    reconciler: {
      reconcile: async (ctx, key) => {
        const request = requests.get(key);
        if (request && isToBeSigned(request)) await signing.handle(ctx, request);
        return done;
      },
    },
    sources: [fromObjects(requests)],
  });
}
