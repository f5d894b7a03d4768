import type { Context } from '@binnacle/machinery-context';
import { CREDENTIAL_ID, sameNamespaces, type UserInfo } from '@binnacle/server-auth';
import type { Revision } from '@binnacle/server-storage';

/** What is watched, and by whom. */
export interface Seeing {
  readonly user: UserInfo;
  /** As it was asked for: of the past with its moment. */
  readonly cluster: string;
  /** Group and plural name. */
  readonly resource: string;
  /** Empty for a collection. */
  readonly name: string;
}

/** Undefined for all namespaces. */
export type Visible = ReadonlySet<string> | undefined;

/** Whether rights of a cluster may have changed after a revision. */
export type RightsChangedAfter = (ctx: Context, cluster: string, after: Revision) => Promise<boolean>;

interface Known {
  readonly visible: Visible;
  /** Whoever was told a state since then was told it of these namespaces; undefined until somebody is. */
  since: Revision | undefined;
}

const MOST_KNOWN = 10_000;

function keyOf({ user, cluster, resource, name }: Seeing): string {
  // Two proofs of one person may allow different things; one proof whose person joins a team is still the same.
  return JSON.stringify([cluster, user.name, user.extra?.[CREDENTIAL_ID] ?? [], resource, name]);
}

/**
 * Which namespaces were visible to whom when they were told a state. A watch that goes on from a revision tells what has changed
 * since, which is all there is to tell only if no other namespaces were visible then.
 */
export class VisibleSets {
  /** Those used longest ago first. */
  private readonly known = new Map<string, Known>();

  constructor(private readonly changedAfter: RightsChangedAfter = async () => true) {}

  /** The state of a revision, which was the newest, has been told of these namespaces. */
  told(seeing: Seeing, visible: Visible, revision: Revision): void {
    const key = keyOf(seeing);
    const known = this.known.get(key);
    const isSame = known !== undefined && sameNamespaces(known.visible, visible);
    this.put(key, { visible, since: (isSame ? known.since : undefined) ?? revision });
  }

  /** Somebody who watches has been shown others. Who comes with an older revision lists anew. */
  changed(seeing: Seeing, visible: Visible): void {
    this.put(keyOf(seeing), { visible, since: undefined });
  }

  /** Whether whoever was told everything up to a revision was told it of these namespaces. */
  async isGapless(ctx: Context, seeing: Seeing, visible: Visible, after: Revision): Promise<boolean> {
    const key = keyOf(seeing);
    const known = this.known.get(key);
    if (known && sameNamespaces(known.visible, visible)) return known.since !== undefined && after >= known.since;
    // Of what another server has told, or this one before it started, the log says whether it could have been other.
    const isGapless = !known && !(await this.changedAfter(ctx, seeing.cluster, after));
    this.put(key, { visible, since: isGapless ? after : undefined });
    return isGapless;
  }

  private put(key: string, known: Known): void {
    this.known.delete(key);
    this.known.set(key, known);
    if (this.known.size <= MOST_KNOWN) return;
    const [oldest] = this.known.keys();
    if (oldest !== undefined) this.known.delete(oldest);
  }
}
