import type { AnonymousPolicy } from '@binnacle/server-auth';
import type { AnonymousSpec } from './config/authentication-configuration.js';

/** Where who has no account gets one, whatever else is closed to them. */
const SIGN_IN = /^\/auth\//;

/**
 * Where requests that say nothing of who makes them are anybody's: everywhere, nowhere, or at the paths of the conditions. Behaves as
 * kubernetes apiserver pkg/authentication/request/anonymous.
 */
export function anonymousPolicy({ enabled = false, conditions = [] }: AnonymousSpec): AnonymousPolicy {
  const paths = new Set(conditions.map(({ path }) => path));
  return {
    allows: (path) => {
      if (enabled && paths.size === 0) return true;
      return path !== undefined && (SIGN_IN.test(path) || (enabled && paths.has(path)));
    },
  };
}
