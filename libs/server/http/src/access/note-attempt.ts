import type { Auditor } from '@binnacle/server-audit';
import { StatusError } from '@binnacle/machinery-meta';
import { randomUUID } from 'node:crypto';
import type { KnownRequest } from '../request/api-request.js';

/** Unauthorized and Forbidden. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403]);

/**
 * Notes what is asked of which kind by way of another protocol, such as GraphQL and Socket.IO: one event for each question to the
 * authorizer, with what came of that; or for what is done as a path of REST does it.
 */
export async function noteAttempt<T>(auditor: Auditor, request: KnownRequest, attempt: () => Promise<T>): Promise<T> {
  const { ctx, info } = request;
  const { cluster, path, verb, resource } = info;
  const audited = auditor.begin({
    auditId: ctx.requestId ?? randomUUID(),
    url: path,
    cluster,
    path,
    verb,
    ...(resource && { resource }),
    user: ctx.user,
    impersonator: ctx.user.impersonator?.user,
    constraint: ctx.user.impersonator?.constraint,
    sourceIPs: [...(ctx.addresses ?? [])],
    userAgent: ctx.client,
  });
  if (!audited) return attempt();
  try {
    const made = await attempt();
    audited.annotate('authorization.k8s.io/decision', 'allow');
    audited.complete(200);
    return made;
  } catch (error) {
    if (!(error instanceof StatusError) || REFUSALS.has(error.code))
      audited.annotate('authorization.k8s.io/decision', 'forbid');
    if (error instanceof StatusError) audited.failed(error);
    audited.complete(500);
    throw error;
  }
}
