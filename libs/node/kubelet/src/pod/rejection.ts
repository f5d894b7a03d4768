/** A Pod this node will not run. */
export interface Rejection {
  readonly reason: string;
  readonly message: string;
}
