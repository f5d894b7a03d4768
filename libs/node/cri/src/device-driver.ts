import type { ResourceClaim } from '@binnacle/apis-kubernetes/resource/v1';
import type { Context } from '@binnacle/machinery-context';

/** A device that was made ready for a claim. */
export interface PreparedDevice {
  /** The request it is for: `a`, or `a/b` for one alternative of several. */
  readonly request: string;
  /** Variables of the containers that use it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Who looks after devices of a node, shaped like kubernetes kubelet/pkg/apis/dra. */
export interface DeviceDriver {
  /** As allocations name it. */
  readonly name: string;
  /** Makes the devices ready that a claim has of this driver. May be called again for a claim that is ready. */
  prepare(ctx: Context, claim: ResourceClaim): Promise<readonly PreparedDevice[]>;
  /** No container uses the claim any more. */
  unprepare(ctx: Context, claimUid: string): Promise<void>;
}
