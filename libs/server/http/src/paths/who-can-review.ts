import type { WhoCanSpec, WhoCanStatus } from '@binnacle/apis-kubernetes/who-can/v1';
import { type Context, soon, type Soon } from '@binnacle/machinery-context';
import { newForbidden, quote } from '@binnacle/machinery-meta';
import { type Authorizer, type RbacAuthorizer, type UserInfo, WhoCanFinder } from '@binnacle/server-auth';
import { presentCluster } from '@binnacle/server-storage';
import { reviewedAct } from './reviewed-act.js';
import { checkAct } from './review-validation.js';

const GROUP = 'rbac.authorization.k8s.io';

/** Who asks, and in which logical cluster. */
export interface Asker extends Context {
  readonly user: UserInfo;
  readonly cluster: string;
}

/** Answers who may do something, to whoever may list the bindings it follows from. */
export class WhoCanReview {
  constructor(
    private readonly authorizer: Authorizer,
    private readonly rbac: Pick<RbacAuthorizer, 'storedRights'>,
  ) {}

  /** Rejects with Invalid where it is not said what is asked about, with Forbidden where the asker may list no bindings. */
  async answer(ctx: Asker, spec: WhoCanSpec): Promise<WhoCanStatus> {
    checkAct(spec);
    const act = reviewedAct(spec);
    const namespace = act.resource?.namespace ?? '';
    const wide = await this.mayList(ctx, 'clusterrolebindings', '');
    const narrow = namespace !== '' && (await this.mayList(ctx, 'rolebindings', namespace));
    if (!wide && !narrow) throw refused(ctx, namespace);
    const stored = await this.rbac.storedRights(ctx, presentCluster(ctx.cluster));
    return new WhoCanFinder(stored, act, { wide, narrow }).find();
  }

  private mayList(ctx: Asker, plural: string, namespace: string): Soon<boolean> {
    const resource = { group: GROUP, version: 'v1', resource: plural, subresource: '', namespace, name: '' };
    const { user, cluster } = ctx;
    const asked = { user, cluster: presentCluster(cluster), verb: 'list', resource };
    return soon(this.authorizer.authorize(ctx, asked), ({ allowed }) => allowed);
  }
}

function refused({ user }: Asker, namespace: string): Error {
  const plural = namespace ? 'rolebindings' : 'clusterrolebindings';
  const place = namespace ? `in the namespace ${quote(namespace)}` : 'at the cluster scope';
  const why = `User ${quote(user.name)} cannot list resource ${quote(plural)} in API group ${quote(GROUP)} ${place}`;
  return newForbidden({ group: GROUP, resource: plural }, '', why);
}
