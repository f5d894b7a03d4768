import type { HeldRight, Revocation } from './held-right.js';
import { keyOfCredential, keyOfUser } from './held-right.js';
import { presentCluster } from '@binnacle/server-storage';

/** What is opened while a proof is revoked is opened within seconds; this many revocations are not made in these. */
const MOST_REMEMBERED = 1_000;

interface Remembered {
  readonly key: string;
  readonly cluster: string | undefined;
  readonly sequence: number;
}

/** The newest revocations, for what was decided before one and opens after it. */
export class Revocations {
  sequence = 0;
  private remembered: Remembered[] = [];

  add({ cluster, user, credential }: Revocation): void {
    const key = credential === undefined ? keyOfUser(user ?? '') : keyOfCredential(credential);
    this.sequence += 1;
    this.remembered.push({ key, cluster, sequence: this.sequence });
    if (this.remembered.length > MOST_REMEMBERED) this.remembered = this.remembered.slice(MOST_REMEMBERED / 2);
  }

  /** Whether what somebody holds was opened by a proof that has been revoked since. */
  hit({ opened: { since }, keys, cluster }: HeldRight): boolean {
    if (since === this.sequence) return false;
    // What is forgotten might have been about anybody.
    const oldest = this.remembered[0]?.sequence ?? 0;
    if (since < oldest - 1) return true;
    const present = presentCluster(cluster);
    return this.remembered.some(
      (each) =>
        each.sequence > since && keys.includes(each.key) && (each.cluster === undefined || each.cluster === present),
    );
  }
}
