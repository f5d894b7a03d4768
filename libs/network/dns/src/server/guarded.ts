import type { Context } from '@binnacle/machinery-context';
import type { Respond } from './tcp-session.js';

/** The same, where a fault of ours costs one client one answer, and is told of. */
export function guarded(ctx: Context, respond: Respond): Respond {
  const failed = (error: unknown): undefined => {
    ctx.logger.error('a question could not be answered', { error });
    return undefined;
  };
  return (bytes, client) => {
    try {
      const answer = respond(bytes, client);
      return answer instanceof Promise ? answer.catch(failed) : answer;
    } catch (error) {
      return failed(error);
    }
  };
}
