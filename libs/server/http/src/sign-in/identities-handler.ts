import { formatTime, newNotFound } from '@binnacle/machinery-meta';
import { findProvider } from '@binnacle/server-sign-in';
import type { LinkedIdentity } from '@binnacle/server-storage';
import { browserOwner, recentOwner } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, requireMethod } from './auth-answers.js';
import { noteIdentities } from './note-sign-ins.js';
import type { OtherSignInParts } from './other-sign-in-parts.js';

const PATH = /^\/auth\/identities(?:\/([\w-]{1,64}))?$/;

/** What people see, and end, of who they are to providers. */
export class IdentitiesHandler {
  constructor(private readonly parts: OtherSignInParts) {}

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const match = PATH.exec(request.info.path);
    if (!match) return undefined;
    const [, id] = match;
    if (id !== undefined) return this.remove(request, id);
    requireMethod(request, 'GET');
    const { key } = await browserOwner(request.ctx, this.parts.people);
    const providers = await this.parts.providers.list(request.ctx);
    const all = await this.parts.stores.identities.listOf(request.ctx, key);
    const labelOf = ({ provider }: LinkedIdentity) => findProvider(providers, provider)?.label ?? provider;
    return privateAnswer({ items: all.map((identity) => shown(identity, labelOf(identity))) });
  }

  private async remove(request: ApiRequest, id: string): Promise<ApiAnswer> {
    requireMethod(request, 'DELETE');
    const { key } = await recentOwner(request.ctx, this.parts.people);
    const isRemoved = await this.parts.stores.identities.remove(request.ctx, key, id);
    if (!isRemoved) throw newNotFound({ group: '', resource: 'identities' }, id);
    await noteIdentities(request.ctx, this.parts, key);
    return privateAnswer({ removed: 1 });
  }
}

const shown = ({ id, provider, email, linkedAt, lastUsedAt }: LinkedIdentity, label: string): object => ({
  id,
  provider,
  label,
  ...(email !== undefined && { email }),
  linkedAt: formatTime(linkedAt),
  ...(lastUsedAt !== undefined && { lastUsedAt: formatTime(lastUsedAt) }),
});
