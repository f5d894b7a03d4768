import type { Rule } from './rule.js';

/** By subject: `user:<name>` or `group:<name>`. */
export type RuleSet = Readonly<Record<string, readonly Rule[]>>;

const publicPaths: Rule = {
  verbs: ['get', 'head'],
  paths: ['/healthz', '/livez', '/readyz', '/healthz/*', '/livez/*', '/readyz/*', '/version', '/version/'],
};

/** Signing in and out; each path looks at the session itself. */
const signIn: Rule = { verbs: ['get', 'post', 'delete'], paths: ['/auth/*'] };

/** Workers serve all logical clusters: which there are, and which of them move. */
export const followClusters: Rule = { verbs: ['get', 'watch'], paths: ['/clusters'] };

/**
 * What everybody may whatever roles there are, also where none can be read: see whether the server is well, and say who they are.
 * Everything else is given by roles (`rbac/bootstrap`).
 */
export const builtinRules: RuleSet = {
  'group:system:unauthenticated': [publicPaths, signIn],
  'group:system:authenticated': [publicPaths, signIn],
};
