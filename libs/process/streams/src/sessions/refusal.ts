/** Why a request becomes no stream, as plain text on the connection it came by. */
export class UpgradeRefusal extends Error {
  override readonly name = 'UpgradeRefusal';

  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
