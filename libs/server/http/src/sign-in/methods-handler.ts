import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, requireMethod } from './auth-answers.js';
import type { OtherSignInParts } from './other-sign-in-parts.js';
import { passkeyAvailability } from './public-place.js';

/** Tells pages by what means somebody can sign in at their address. */
export class MethodsHandler {
  constructor(private readonly parts: Pick<OtherSignInParts, 'providers' | 'addresses'>) {}

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    if (request.info.path !== '/auth/methods') return undefined;
    requireMethod(request, 'GET', 'HEAD');
    const providers = await this.parts.providers.list(request.ctx);
    const passkeys = passkeyAvailability(request, this.parts.addresses);
    const shown = providers.map(({ name, label }) => ({ name, label, start: `/auth/oidc/${name}/start` }));
    return privateAnswer({ password: true, passkeys, providers: shown });
  }
}
