'use client';

import type { ActionTarget } from '../action-target.js';
import { ViewAsDialog } from './view-as-dialog.js';

/** Looks as the person, or as a member of the team, whose page is open. */
export function ViewAsAction({ object, onClose }: ActionTarget) {
  const name = object.metadata.name ?? '';
  const whom = object.kind === 'Team' ? { group: `team:${name}` } : { user: name };
  return <ViewAsDialog {...whom} onClose={onClose} />;
}
