/** The cluster did not come up, or did not stay up; `message` says which part, and what it said last. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
