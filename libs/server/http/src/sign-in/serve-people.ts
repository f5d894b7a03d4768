import type { AuthenticationMethod, OpenRights } from '@binnacle/server-auth';
import type { ComposedPeople } from '@binnacle/server-people';
import type { ResourceHooks } from '@binnacle/server-registry';
import type { PathHandler } from '../paths/api-handler.js';
import type { SubresourceServer } from '../verbs/subresource-handler.js';
import type { ComposedOtherSignIns } from './compose-other-sign-ins.js';
import { InvitationHandler } from './invitation-handler.js';
import type { KubeconfigParts } from './own-kubeconfig.js';
import { personSubresources } from './person-subresources.js';
import { SelfServiceHandler } from './self-service-handler.js';
import { SignInHandler } from './sign-in-handler.js';

/** What a server does for people; nothing where nobody can sign in. */
export interface ServedPeople {
  readonly composed: ComposedPeople | undefined;
  /** Ways to prove who one is that are tried before other tokens, and after them. */
  readonly first: readonly AuthenticationMethod[];
  readonly last: readonly AuthenticationMethod[];
  readonly plugins: readonly ComposedPeople['restriction'][];
  readonly hooks: Readonly<Record<string, ResourceHooks>>;
  readonly handlers: readonly PathHandler[];
  readonly subresources: readonly SubresourceServer[];
}

/** What somebody has open ends when their rights or credentials change: who may still open it does so. */
export function endWhatIsOpen(people: ComposedPeople | undefined, open: Pick<OpenRights, 'revoke'>): void {
  people?.directory.onChange((names) => {
    for (const user of names) open.revoke({ user });
  });
}

const NOTHING = { first: [], last: [], plugins: [], hooks: {}, handlers: [], subresources: [] };

/** `reached`: where a kubeconfig for oneself leads. */
export function servePeople(
  composed: ComposedPeople | undefined,
  others: ComposedOtherSignIns,
  reached: () => Pick<KubeconfigParts, 'server' | 'authority'>,
): ServedPeople {
  if (!composed) return { composed, ...NOTHING };
  const handlers = [
    ...others.handlers,
    new SignInHandler(composed),
    new SelfServiceHandler(composed.own, reached),
    new InvitationHandler(composed),
  ];
  const { restriction, hooks, tokens, sessions } = composed;
  const methods = { first: [tokens, ...others.methods], last: [sessions] };
  const subresources = personSubresources(composed.others);
  return { composed, ...methods, plugins: [restriction], hooks, handlers, subresources };
}
