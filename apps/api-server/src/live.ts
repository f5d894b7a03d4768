import type { IncomingMessage } from 'node:http';
import type { Context } from '@binnacle/machinery-context';
import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { type ApiServerParts, noteAttempt, peerOf } from '@binnacle/server-http';
import { type Identify, type LiveAccess, type LiveAdmit, type LiveAttempt, LiveModule } from '@binnacle/server-live';
import { type CallerContext, withPermit } from '@binnacle/server-registry';
import type { DynamicModule } from '@nestjs/common';
import { callerContext } from './caller.js';

/** Live lists over the parts of the API server, under the same authentication and authorization. */
export function liveModule(ctx: Context, parts: ApiServerParts): DynamicModule {
  const { access, registry, gate, auditor, notices, openRights } = parts;
  const identify = (request: IncomingMessage): Identify => {
    const { headers } = request;
    // Under polling the connection it came over may be closed when the next request comes.
    const peer = peerOf({ raw: request });
    return (cluster, more = {}) => {
      const said = { ...headers, ...more };
      return callerContext(ctx, access, { door: 'socket.io', method: 'GET', cluster, headers: said, peer });
    };
  };
  const requestOf = (caller: CallerContext, { verb, ...target }: LiveAttempt, query = '') => {
    const resource = { ...target, subresource: '', rest: '' };
    const info = { cluster: caller.cluster, path: '/socket.io', verb, resource };
    return { ctx: caller, method: 'GET', info, query: new URLSearchParams(query), headers: {}, showsVisible: true };
  };
  const authorize: LiveAccess['authorize'] = async (caller, attempt) => {
    const request = requestOf(caller, attempt);
    const ask = async () => access.authorize(request);
    return withPermit(caller, auditor ? await noteAttempt(auditor, request, ask) : await ask());
  };
  // A watch begins where its reader was: only a list takes more than one seat.
  const admit: LiveAdmit = (caller, attempt, open) =>
    gate.seated(requestOf(caller, attempt, 'resourceVersion=1'), open);
  const followRights: LiveAccess['followRights'] = (caller, changed) =>
    notices.once(caller, caller.user, caller.cluster, changed);
  const doors = { identify, authorize, followRights, admit, openRights };
  return LiveModule.of({ registry, cluster: DEFAULT_CLUSTER, ...doors });
}
