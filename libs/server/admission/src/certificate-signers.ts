import type { CertificateSigningRequest } from '@binnacle/apis-kubernetes/certificates/v1';
import { semanticEqual } from '@binnacle/machinery-validation';
import type { Authorizer } from '@binnacle/server-auth';
import { type AdmissionAttributes, forbidden, type RequestContext } from '@binnacle/server-registry';
import type { AdmissionPlugin } from './admission-chain.js';

const GROUP = 'certificates.k8s.io';

type Verb = 'approve' | 'sign';

const requestOf = (object: unknown) => object as CertificateSigningRequest;

/** Whether a status says other things of a certificate than before. */
function saysMore({ object, old }: AdmissionAttributes): boolean {
  const [now, before] = [requestOf(object).status ?? {}, requestOf(old).status ?? {}];
  return now.certificate !== before.certificate || !semanticEqual(now.conditions ?? [], before.conditions ?? []);
}

/**
 * Lets only those decide about requests who have the right to do so for their signer, the resource `signers`: by its name, or as
 * `<domain>/*` all of its domain. Behaves as kubernetes plugin/pkg/admission/certificates approval and signing.
 */
export class CertificateSigners implements AdmissionPlugin {
  private constructor(
    readonly name: string,
    private readonly verb: Verb,
    private readonly subresource: string,
    private readonly authorizer: Authorizer,
  ) {}

  static approval(authorizer: Authorizer): CertificateSigners {
    return new CertificateSigners('CertificateApproval', 'approve', 'approval', authorizer);
  }

  static signing(authorizer: Authorizer): CertificateSigners {
    return new CertificateSigners('CertificateSigning', 'sign', 'status', authorizer);
  }

  async validate(ctx: RequestContext, attributes: AdmissionAttributes): Promise<void> {
    const { definition, subresource, name, old } = attributes;
    const isOurs = definition.group === GROUP && definition.names.plural === 'certificatesigningrequests';
    if (!isOurs || subresource !== this.subresource || (this.verb === 'sign' && !saysMore(attributes))) return;
    const { signerName } = requestOf(old).spec;
    const [domain = ''] = signerName.split('/');
    if ((await this.may(ctx, signerName)) || (await this.may(ctx, `${domain}/*`))) return;
    const why = `user not permitted to ${this.verb} requests with signerName ${JSON.stringify(signerName)}`;
    throw forbidden(definition, name, why);
  }

  private async may(ctx: RequestContext, name: string): Promise<boolean> {
    const resource = { group: GROUP, version: '*', resource: 'signers', subresource: '', namespace: '', name };
    const { user, cluster } = ctx;
    return (await this.authorizer.authorize(ctx, { user, cluster, verb: this.verb, resource })).allowed;
  }
}
