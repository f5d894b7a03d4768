import type { Context } from '@binnacle/machinery-context';
import { presentCluster } from '@binnacle/server-storage';
import type { AuthorizationAttributes } from './authorizer.js';
import type { AskFor } from './permit.js';
import type { RightsMarks } from './rbac/rights-mark.js';
import type { UserInfo } from './user-info.js';

/** Whoever may not ask what they may do is told nothing of it either. */
const OWN_RULES = {
  group: 'authorization.k8s.io',
  version: 'v1',
  resource: 'selfsubjectrulesreviews',
  subresource: '',
  namespace: '',
  name: '',
};

/** Tells somebody that what they may do may have changed, so that nobody need ask again and again. */
export class RightsNotices {
  constructor(
    private readonly marks: RightsMarks,
    private readonly permit: AskFor,
  ) {}

  /**
   * Calls `changed` once: when a role or binding of the user's has changed in the cluster, or they are not believed to be who they
   * were. The returned call takes it back. Rejects with Forbidden or Unauthorized.
   */
  async once(ctx: Context, user: UserInfo, place: string, changed: () => void): Promise<() => void> {
    const cluster = presentCluster(place);
    const asked: AuthorizationAttributes = { user, cluster, verb: 'create', resource: OWN_RULES };
    const permit = await this.permit(ctx, asked);
    const mark = await this.marks.markOf(ctx, user, cluster);
    let isOver = false;
    const end = () => {
      isOver = true;
      letGo();
    };
    const tell = () => {
      if (isOver) return;
      end();
      changed();
    };
    const compare = async () => {
      if ((await this.marks.markOf(ctx, user, cluster)) !== mark) tell();
    };
    // Where roles cannot be read, whether they are others is for the next question to find out.
    const letGo = permit.hold({ end: tell, kept: () => void compare().catch(tell) });
    return end;
  }
}
