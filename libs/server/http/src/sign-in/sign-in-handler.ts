import { newBadRequest, newForbidden, newMethodNotSupported, newUnauthorized } from '@binnacle/machinery-meta';
import { isFrontDoor, type Password, type UserInfo, type WebSessions } from '@binnacle/server-auth';
import { type ApiAnswer, type ApiRequest, jsonAnswer } from '../request/api-request.js';

const NO_STORE = { 'cache-control': 'no-store' };
const LONGEST_ADDRESS = 64;

/** Headers of a proxy hold a list, to which each proxy adds at the end. */
const listed = (header: string | string[] | undefined): string[] =>
  [header ?? []]
    .flat()
    .join(',')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** The address of the browser: only our own front door is believed when it says whom it speaks for. */
function addressOf({ peer, headers }: ApiRequest): string {
  const forwarded = isFrontDoor(peer?.certificate) ? listed(headers['x-forwarded-for']).at(-1) : undefined;
  return (forwarded ?? peer?.address ?? '').slice(0, LONGEST_ADDRESS);
}

/** This server speaks HTTPS only, its front door plain HTTP, unless there is a proxy before it that says otherwise. */
function isSecure({ peer, headers }: ApiRequest): boolean {
  const isOurs = isFrontDoor(peer?.certificate) || headers['x-forwarded-proto'] !== undefined;
  return isOurs ? listed(headers['x-forwarded-proto'])[0] === 'https' : true;
}

/** Of an origin; empty for none, such as that of a page in a sandbox. */
const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : '');

/**
 * A page of another site, or of another port of this one, is not to sign anybody in or out. Browsers say what page asks:
 * in Sec-Fetch-Site where they trust the connection, in Origin everywhere. Programs say neither.
 */
function checkSite({ headers, peer }: ApiRequest): void {
  const { origin, host, ':authority': authority, 'sec-fetch-site': site } = headers;
  // Our own front door says where a page is; from anybody else that is a claim.
  const forwarded = isFrontDoor(peer?.certificate) ? listed(headers['x-forwarded-host']) : [];
  const hosts = [...listed(host), ...listed(authority), ...forwarded];
  const isOwn = site !== undefined ? site === 'same-origin' : origin === undefined || hosts.includes(hostOf(origin));
  if (!isOwn) throw newForbidden({ group: '', resource: '' }, '', 'only pages of this address may sign in or out');
}

function readPassword({ body }: ApiRequest): Password {
  let value: { user?: unknown; password?: unknown } | null;
  try {
    value = JSON.parse((body ?? '').toString()) as typeof value;
  } catch {
    value = null;
  }
  const { user, password } = value ?? {};
  if (typeof user === 'string' && typeof password === 'string') return { user, password };
  throw newBadRequest('the body must be JSON with user and password');
}

function sessionAnswer({ name, groups }: UserInfo, cookies: string[] = []): ApiAnswer {
  return jsonAnswer({ user: name, groups }, 200, { ...NO_STORE, ...(cookies.length > 0 && { 'set-cookie': cookies }) });
}

/** Serves `/auth/login`, `/auth/logout` and `/auth/session` for browsers. */
export class SignInHandler {
  constructor(private readonly sessions: WebSessions) {}

  async handle(request: ApiRequest): Promise<ApiAnswer | undefined> {
    switch (request.info.path) {
      case '/auth/login':
        return this.post(request, () => this.signIn(request));
      case '/auth/logout':
        return this.post(request, () => this.signOut(request));
      case '/auth/session':
        return this.session(request);
      default:
        return undefined;
    }
  }

  private post(request: ApiRequest, act: () => Promise<ApiAnswer>): Promise<ApiAnswer> {
    if (request.method !== 'POST') throw newMethodNotSupported({ group: '', resource: 'auth' }, request.method);
    checkSite(request);
    return act();
  }

  private async signIn(request: ApiRequest): Promise<ApiAnswer> {
    const { ctx, headers } = request;
    const password = readPassword(request);
    const { secret, device, user } = await this.sessions.signIn(
      ctx,
      { headers, address: addressOf(request) },
      password,
    );
    const { cookies } = this.sessions;
    const options = { secure: isSecure(request) };
    return sessionAnswer(user, [cookies.setSession(secret, options), cookies.setDevice(device, options)]);
  }

  private async signOut(request: ApiRequest): Promise<ApiAnswer> {
    await this.sessions.signOut(request.ctx, request.headers);
    const cookies = this.sessions.cookies.clearSession({ secure: isSecure(request) });
    return jsonAnswer({}, 200, { ...NO_STORE, 'set-cookie': cookies });
  }

  private session({ ctx }: ApiRequest): ApiAnswer {
    if (ctx.user.groups.includes('system:unauthenticated')) throw newUnauthorized('nobody is signed in');
    return sessionAnswer(ctx.user);
  }
}
