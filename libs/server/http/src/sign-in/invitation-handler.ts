import type { ComposedPeople } from '@binnacle/server-people';
import type { ApiAnswer, ApiRequest } from '../request/api-request.js';
import { newUnauthorized } from '@binnacle/machinery-meta';
import { privateAnswer, readObject, readTexts, requireMethod, signedInAnswer } from './auth-answers.js';
import { addressOf, checkSite } from './request-origin.js';

type Parts = Pick<ComposedPeople, 'invitations' | 'sessions' | 'people'>;

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
    const { sessions, people, invitations } = this.parts;
    const address = addressOf(request);
    const said = typeof displayName === 'string' ? { displayName } : {};
    const { name } = await invitations.accept(ctx, { secret, user, password, ...said, address });
    const person = await people.find(ctx, name);
    if (!person) throw newUnauthorized('the User is not there any more');
    return signedInAnswer(request, sessions.cookies, await sessions.begin(ctx, { headers, address }, person), 201);
  }
}
