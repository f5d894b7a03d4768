'use client';

import { apiTarget, type Resource, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { type Abilities, abilitiesOf } from './abilities.js';
import type { RightfulAction } from './action-rights.js';
import { type ActionName, type ActionTarget } from './action-target.js';
import { type AtOnce, useAtOnce } from './at-once.js';
import { DebugDialog } from './debug-dialog.js';
import { DeleteDialog } from './delete-dialog.js';
import { DrainDialog } from './drain-dialog.js';
import { GrantDialog } from './grant-dialog.js';
import { DisableDialog } from './people/disable-dialog.js';
import { LinkDialog } from './people/link-dialog.js';
import { ResetPasswordDialog } from './people/reset-password-dialog.js';
import { ViewAsAction } from './people/view-as-action.js';
import { MakeJobDialog } from './make-job-dialog.js';
import { ResizeDialog } from './resize-dialog.js';
import { RollBackDialog } from './roll-back-dialog.js';
import { ScaleDialog } from './scale-dialog.js';
import { CordonDialog, RestartDialog } from './simple-dialogs.js';
import { SuspendDialog } from './suspend-dialog.js';
import { openTerminal } from '../terminal/open-terminal.js';

const DIALOGS: Readonly<Record<ActionName, (props: ActionTarget) => ReactNode>> = {
  scale: ScaleDialog,
  restart: RestartDialog,
  rollBack: RollBackDialog,
  makeJob: MakeJobDialog,
  suspend: SuspendDialog,
  resize: ResizeDialog,
  debug: DebugDialog,
  cordon: CordonDialog,
  drain: DrainDialog,
  grant: GrantDialog,
  viewAs: ViewAsAction,
  resetPassword: ResetPasswordDialog,
  disable: DisableDialog,
  link: LinkDialog,
  delete: DeleteDialog,
};

interface OfferedAction {
  readonly name: ActionName;
  readonly label: string;
  readonly danger?: boolean;
}

export interface ObjectActions {
  /** All of them that one may be let or not. */
  readonly names: readonly RightfulAction[];
  readonly offered: readonly OfferedAction[];
  /** What is done at once: it needs no confirmation. */
  readonly atOnce: readonly AtOnce[];
  /** Opens a terminal in its container at once. Undefined where there can be none. */
  readonly terminal: (() => void) | undefined;
  readonly start: (name: ActionName, choice?: string) => void;
  /** The open dialog; to be placed where it survives the menu that opened it. */
  readonly dialog: ReactNode;
}

/** In the order in which they are shown. */
function useOffered(can: Abilities): OfferedAction[] {
  const t = useTranslations();
  const all: readonly [boolean, ActionName, string][] = [
    [can.scale, 'scale', t('actions.scale')],
    [can.restart, 'restart', t('actions.restart')],
    [can.rollBack, 'rollBack', t('actions.rollBack')],
    [can.makesJob === 'fromTemplate', 'makeJob', t('batch.runNow')],
    [can.suspended === false, 'suspend', t('batch.suspend')],
    [can.makesJob === 'again', 'makeJob', t('batch.runAgain')],
    [can.resize, 'resize', t('volumes.resize')],
    [can.debug, 'debug', t('actions.debug')],
    [can.cordoned === false, 'cordon', t('actions.cordon')],
    [can.drain, 'drain', t('drain.drain')],
    [can.link, 'link', t('people.link')],
    [can.grant, 'grant', t('access.grant')],
    [can.viewAs, 'viewAs', t('viewAs.open')],
    [can.person !== undefined, 'resetPassword', t('people.reset')],
    [can.person === 'active', 'disable', t('people.disable')],
  ];
  const offered = all.flatMap(([is, name, label]) => (is ? [{ name, label }] : []));
  return [...offered, ...(can.delete ? [{ name: 'delete' as const, label: t('actions.delete'), danger: true }] : [])];
}

/** What can be done to an object, and the dialogs for it. */
export function useActions(resource: Resource, object: UnstructuredObject): ObjectActions {
  const { cluster } = useCluster();
  const [open, setOpen] = useState<{ readonly name: ActionName; readonly choice: string | undefined }>();
  const can = abilitiesOf(resource, object);
  const target = apiTarget(cluster, resource, object);
  const props = { object, resource, target, choice: open?.choice, onClose: () => setOpen(undefined) };
  const Dialog = open && DIALOGS[open.name];
  const offered = useOffered(can);
  const atOnce = useAtOnce(can, target);
  return {
    names: [
      ...[...offered, ...atOnce].map(({ name }) => name),
      ...(can.terminal ? ['terminal' as const] : []),
      ...(can.logs ? ['logs' as const] : []),
      ...(can.edit ? ['edit' as const] : []),
    ],
    offered,
    atOnce,
    terminal: can.terminal ? () => openTerminal(object) : undefined,
    start: (name, choice) => setOpen({ name, choice }),
    dialog: Dialog && <Dialog {...props} />,
  };
}
