import { browserOwner, recentOwner, type ShownIdentity } from '@binnacle/server-people';
import { findProvider } from '@binnacle/server-sign-in';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, requireMethod } from './auth-answers.js';
import type { OtherSignInParts } from './other-sign-in-parts.js';

const PATH = /^\/auth\/identities(?:\/([\w-]{1,64}))?$/;

/** What people see, and end, of who they are to providers. */
export class IdentitiesHandler {
  constructor(private readonly parts: OtherSignInParts) {}

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const match = PATH.exec(request.info.path);
    if (!match) return undefined;
    const { ctx } = request;
    const { people, providers } = this.parts;
    const [, id] = match;
    if (id !== undefined) return this.remove(request, id);
    requireMethod(request, 'GET');
    const { key } = await browserOwner(ctx, people);
    const known = await providers.list(ctx);
    const labelOf = ({ provider }: ShownIdentity) => findProvider(known, provider)?.label ?? provider;
    const all = await people.methods.identities(ctx, key);
    return privateAnswer({ items: all.map((identity) => ({ ...identity, label: labelOf(identity) })) });
  }

  private async remove(request: ApiRequest, id: string): Promise<ApiAnswer> {
    requireMethod(request, 'DELETE');
    const { people } = this.parts;
    const { key } = await recentOwner(request.ctx, people);
    return privateAnswer({ removed: await people.methods.removeIdentities(request.ctx, key, id) });
  }
}
