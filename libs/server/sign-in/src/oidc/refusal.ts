/** Why a sign-in with a provider came to nothing, in the word a page is told. */
export type OidcRefusalReason =
  | 'expired'
  | 'denied'
  | 'provider'
  | 'unknown'
  | 'taken'
  | 'domain'
  | 'disabled'
  | 'address'
  | 'busy';

/** What the message says is for the log, and holds no secrets. */
export class OidcRefusal extends Error {
  constructor(
    readonly reason: OidcRefusalReason,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
