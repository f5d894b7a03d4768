import type { Context } from '@binnacle/machinery-context';
import { isForbidden, isUnauthorized } from '@binnacle/machinery-meta';
import type { Act } from '../act.js';
import { refusalOf } from '../refusal.js';
import type { AskFor } from '../permit.js';
import type { UserInfo } from '../user-info.js';
import { impersonateOn } from '../impersonate-on.js';
import { askedAs, becomes, CONSTRAINED_MODES, type ImpersonationMode, LEGACY_MODE } from './modes.js';
import { type ImpersonatedParts, partsOf } from './parts.js';
import type { WantedUser } from './wanted-user.js';

/** Of so many it is remembered how they were allowed last. */
const MOST_REMEMBERED = 10_000;

/** Who wants to be whom, and for what. */
export interface ImpersonationRequest {
  readonly requestor: UserInfo;
  readonly wanted: WantedUser;
  /** The logical cluster, of the present. */
  readonly cluster: string;
  /** What is asked for; absent for a connection by which many things will be. */
  readonly act?: Omit<Act, 'cluster'>;
}

/** Hears how attempts, and the questions they consist of, came out and how many seconds they took. */
export interface ImpersonationObserver {
  attempted(mode: ImpersonationMode['name'] | '', isAllowed: boolean, seconds: number): void;
  asked(mode: ImpersonationMode['name'], isAllowed: boolean, seconds: number): void;
}

const UNOBSERVED: ImpersonationObserver = { attempted: () => undefined, asked: () => undefined };
const isRefusal = (error: unknown): boolean => isForbidden(error) || isUnauthorized(error);

/**
 * Lets somebody act as somebody else: for certain acts by verbs that name them, or for all. Behaves as kubernetes apiserver
 * pkg/endpoints/filters/impersonation WithConstrainedImpersonation, but keeps nothing of what was allowed before.
 */
export class Impersonation {
  /** By which mode each was allowed last: it is tried first. */
  private readonly last = new Map<string, ImpersonationMode>();

  constructor(
    private readonly ask: AskFor,
    private readonly observer: ImpersonationObserver = UNOBSERVED,
  ) {}

  /** The user that the requestor is from now on. Rejects with the first refusal, which is Forbidden. */
  async become(ctx: Context, request: ImpersonationRequest): Promise<UserInfo> {
    const begun = ctx.clock.now();
    const tell = (mode: ImpersonationMode['name'] | '', isAllowed: boolean): void =>
      this.observer.attempted(mode, isAllowed, (ctx.clock.now() - begun) / 1000);
    const refusals: unknown[] = [];
    for (const mode of this.modesFor(request)) {
      if (!mode.applies(request.wanted, request.requestor)) continue;
      const found = await this.attempt(ctx, mode, request).catch((error: unknown) => {
        if (!isRefusal(error)) throw error;
        refusals.push(error);
      });
      if (!found) continue;
      this.remember(request, mode);
      tell(mode.name, true);
      return found;
    }
    tell('', false);
    throw refusals[0];
  }

  /** What is not for one act is best allowed for all. */
  private modesFor({ requestor, act }: ImpersonationRequest): readonly ImpersonationMode[] {
    if (!act) return [LEGACY_MODE, ...CONSTRAINED_MODES];
    const all = [...CONSTRAINED_MODES, LEGACY_MODE];
    const last = this.last.get(requestor.name);
    return last ? [last, ...all.filter((mode) => mode !== last)] : all;
  }

  private remember({ requestor: { name }, act }: ImpersonationRequest, mode: ImpersonationMode): void {
    if (!act) return;
    this.last.delete(name);
    if (this.last.size >= MOST_REMEMBERED) this.last.delete(this.last.keys().next().value ?? '');
    this.last.set(name, mode);
  }

  private async attempt(ctx: Context, mode: ImpersonationMode, request: ImpersonationRequest): Promise<UserInfo> {
    const { requestor, wanted, cluster, act } = request;
    const acts: Act[] = [];
    const need = async (one: Act): Promise<void> => {
      await this.asked(ctx, mode, { user: askedAs(mode, requestor), ...one });
      acts.push(one);
    };
    if (mode.isConstrained && act) await need(impersonateOn(mode.name, { ...act, cluster }));
    for (const parts of partsOf(mode, wanted)) {
      const wearing = (resource: ImpersonatedParts['each'][number]): Act => ({ cluster, verb: mode.verb, resource });
      if (parts.refusal) throw refusalOf({ user: requestor, ...wearing(parts.refusal.act) }, parts.refusal.why);
      if (parts.instead && (await isAllowed(need(wearing(parts.instead))))) continue;
      for (const resource of parts.each) await need(wearing(resource));
    }
    // What the credential is good for does not become more by what it is used for.
    const bound = { ...becomes(mode, wanted), ...(requestor.scope && { scope: requestor.scope }) };
    const constraint = mode.isConstrained && { constraint: mode.verb, ...(!act && { onEachAct: mode.name }) };
    return { ...bound, impersonator: { user: requestor, acts, ...constraint } };
  }

  private async asked(ctx: Context, mode: ImpersonationMode, attributes: Parameters<AskFor>[1]): Promise<void> {
    const begun = ctx.clock.now();
    const tell = (isAllowed: boolean): void =>
      this.observer.asked(mode.name, isAllowed, (ctx.clock.now() - begun) / 1000);
    try {
      await this.ask(ctx, attributes);
      tell(true);
    } catch (error) {
      tell(false);
      throw error;
    }
  }
}

async function isAllowed(asking: Promise<void>): Promise<boolean> {
  try {
    await asking;
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}
