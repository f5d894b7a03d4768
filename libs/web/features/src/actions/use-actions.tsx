'use client';

import { apiTarget, type Resource, setUnschedulable, type UnstructuredObject, useCluster } from '@binnacle/web-data';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { abilitiesOf } from './abilities.js';
import { type ActionName, type ActionTarget } from './action-target.js';
import { DebugDialog } from './debug-dialog.js';
import { DeleteDialog } from './delete-dialog.js';
import { RollBackDialog } from './roll-back-dialog.js';
import { ScaleDialog } from './scale-dialog.js';
import { CordonDialog, RestartDialog } from './simple-dialogs.js';
import { openTerminal } from '../terminal/open-terminal.js';
import { useAction } from './use-action.js';

const DIALOGS: Readonly<Record<ActionName, (props: ActionTarget) => ReactNode>> = {
  scale: ScaleDialog,
  restart: RestartDialog,
  rollBack: RollBackDialog,
  debug: DebugDialog,
  cordon: CordonDialog,
  delete: DeleteDialog,
};

export interface ObjectActions {
  readonly offered: readonly { readonly name: ActionName; readonly label: string; readonly danger?: boolean }[];
  /** Lifts a cordon at once: it needs no confirmation. Undefined where there is none. */
  readonly uncordon: (() => void) | undefined;
  /** Opens a terminal in its container at once. Undefined where there can be none. */
  readonly terminal: (() => void) | undefined;
  readonly start: (name: ActionName) => void;
  /** The open dialog; to be placed where it survives the menu that opened it. */
  readonly dialog: ReactNode;
}

/** What can be done to an object, and the dialogs for it. */
export function useActions(resource: Resource, object: UnstructuredObject): ObjectActions {
  const t = useTranslations('actions');
  const { cluster } = useCluster();
  const [open, setOpen] = useState<ActionName>();
  const { run } = useAction(t('uncordon'));
  const can = abilitiesOf(resource, object);
  const target = apiTarget(cluster, resource, object);
  const allow = async () => {
    await setUnschedulable(target, false);
    return { done: t('uncordonDone', { name: object.metadata.name ?? '' }) };
  };
  const Dialog = open && DIALOGS[open];
  return {
    offered: [
      ...(can.scale ? [{ name: 'scale' as const, label: t('scale') }] : []),
      ...(can.restart ? [{ name: 'restart' as const, label: t('restart') }] : []),
      ...(can.rollBack ? [{ name: 'rollBack' as const, label: t('rollBack') }] : []),
      ...(can.debug ? [{ name: 'debug' as const, label: t('debug') }] : []),
      ...(can.cordoned === false ? [{ name: 'cordon' as const, label: t('cordon') }] : []),
      ...(can.delete ? [{ name: 'delete' as const, label: t('delete'), danger: true }] : []),
    ],
    terminal: can.terminal ? () => openTerminal(object) : undefined,
    uncordon: can.cordoned ? () => void run(allow) : undefined,
    start: setOpen,
    dialog: Dialog && <Dialog object={object} resource={resource} target={target} onClose={() => setOpen(undefined)} />,
  };
}
