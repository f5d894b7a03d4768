import { newUnauthorized } from '@binnacle/machinery-meta';
import type { CallerContext } from '@binnacle/server-registry';
import type { OperationDefinitionNode } from 'graphql';

/** What may be asked by who has not said who they are: whoever has the secret of an invitation needs nothing else. */
export const OPEN_FIELDS: ReadonlySet<string> = new Set(['acceptInvitation', 'invitationOffer']);

export const isNobody = ({ user }: Pick<CallerContext, 'user'>): boolean =>
  user.groups.includes('system:unauthenticated');

/** Only fields that stand in the operation itself, so that nothing else hides in a fragment. @throws StatusError Unauthorized */
export function refuseNobody({ selectionSet: { selections } }: OperationDefinitionNode): void {
  if (selections.every((selection) => selection.kind === 'Field' && OPEN_FIELDS.has(selection.name.value))) return;
  throw newUnauthorized('Unauthorized');
}
