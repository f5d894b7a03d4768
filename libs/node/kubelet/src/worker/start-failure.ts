/** Why a container was not started; `reason` is what its waiting state shows. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure';

  constructor(
    readonly reason: string,
    message: string,
    /** When to look again, in milliseconds since the epoch; undefined for the usual pause. */
    readonly again?: number,
  ) {
    super(message);
  }
}
