import type { ComposedPeople } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { privateAnswer, readObject, readTexts, requireMethod, signedInAnswer } from './auth-answers.js';
import { addressOf, checkSite } from './request-origin.js';

type Parts = Pick<ComposedPeople, 'invitations' | 'sessions' | 'own'>;

const ACCEPT = '/auth/invitations/accept';
const LOOK = /^\/auth\/invitations\/([\w.-]{1,200})$/;

/** Shows people what they are invited to, and lets them in. Who has the secret needs nothing else. */
export class InvitationHandler {
  constructor(private readonly parts: Parts) {}

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    const { path } = request.info;
    if (path === ACCEPT) return this.accept(request);
    const [, secret] = LOOK.exec(path) ?? [];
    if (secret === undefined) return undefined;
    requireMethod(request, 'GET');
    return privateAnswer(await this.parts.invitations.look(request.ctx, secret));
  }

  private async accept(request: ApiRequest): Promise<ApiAnswer> {
    requireMethod(request, 'POST');
    checkSite(request);
    const { ctx, headers } = request;
    const { secret, user, password } = readTexts(request, 'secret', 'user', 'password');
    const { displayName } = readObject(request);
    const { sessions, own } = this.parts;
    const from = { headers, address: addressOf(request) };
    const asked = { secret, user, password, ...(typeof displayName === 'string' && { displayName }) };
    return signedInAnswer(request, sessions.cookies, await own.acceptInvitation(ctx, from, asked), 201);
  }
}
