'use client';

import { objectRef, type Resource, type UnstructuredObject } from '@binnacle/web-data';
import { Button, Menu, MenuSeparator } from '@binnacle/web-ui';
import { Ellipsis, FileCode, ScrollText, SquareTerminal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useNavigation } from '../objects/navigate.js';
import { abilitiesOf } from '../actions/abilities.js';
import { ACTION_ICONS } from '../actions/action-icons.js';
import { OfferedItem } from '../actions/offered-item.js';
import { type PageAction, useOfferActions } from '../actions/page-actions.js';
import { type ObjectActions, useActions } from '../actions/use-actions.js';
import { WhoCanItem } from '../actions/who-can-item.js';
import { type Refused, useRefused } from '../actions/use-refused.js';
import { usePages } from '../objects/use-pages.js';
import { refusalProps } from '../rights/use-missing.js';

/** The same actions, and the ways to the other tabs, for the command palette. */
function usePaletteActions(resource: Resource, object: UnstructuredObject, refused: Refused): readonly PageAction[] {
  const t = useTranslations('actions');
  const router = useNavigation();
  const pages = usePages();
  const can = abilitiesOf(resource, object);
  const open = (tab: 'logs' | 'yaml') => () => router.replace(pages.detail(resource, objectRef(object), tab));
  return [
    ...(can.logs
      ? [{ id: 'logs', label: t('viewLogs'), icon: <ScrollText />, run: open('logs'), refusal: refused('logs') }]
      : []),
    ...(can.edit
      ? [{ id: 'yaml', label: t('editYaml'), icon: <FileCode />, run: open('yaml'), refusal: refused('edit') }]
      : []),
  ];
}

function useOffered(
  resource: Resource,
  object: UnstructuredObject,
  { actions, refused }: { readonly actions: ObjectActions; readonly refused: Refused },
): void {
  const t = useTranslations('actions');
  const ways = usePaletteActions(resource, object, refused);
  const { atOnce, terminal } = actions;
  useOfferActions({
    subject: `${object.kind} ${object.metadata.name ?? ''}`,
    actions: [
      ...ways,
      ...(terminal
        ? [
            {
              id: 'terminal',
              label: t('terminal'),
              icon: <SquareTerminal />,
              run: terminal,
              refusal: refused('terminal'),
            },
          ]
        : []),
      ...atOnce.map(({ name, label, icon, run }) => ({ id: name, label, icon, run, refusal: refused(name) })),
      ...actions.offered.map(({ name, label }) => ({
        id: name,
        label,
        icon: ACTION_ICONS[name],
        run: () => actions.start(name),
        refusal: refused(name),
      })),
    ],
  });
}

/** The first two actions as buttons, the others in a menu. */
export function DetailActions({ object, resource }: { object: UnstructuredObject; resource: Resource }) {
  const t = useTranslations('actions');
  const actions = useActions(resource, object);
  const refused = useRefused(resource, object, actions.names);
  useOffered(resource, object, { actions, refused });
  const buttons = actions.offered.filter(({ danger }) => !danger).slice(0, 2);
  const rest = actions.offered.filter((action) => !buttons.includes(action));
  return (
    <div className="flex items-center gap-2">
      {actions.atOnce.map(({ name, label, icon, run }) => (
        <Button key={name} icon={icon} onClick={run} {...refusalProps(refused(name))}>
          {label}
        </Button>
      ))}
      {actions.terminal && (
        <Button
          icon={<SquareTerminal aria-hidden="true" />}
          onClick={actions.terminal}
          {...refusalProps(refused('terminal'))}
        >
          {t('terminal')}
        </Button>
      )}
      {buttons.map(({ name, label }) => (
        <Button
          key={name}
          icon={ACTION_ICONS[name]}
          onClick={() => actions.start(name)}
          {...refusalProps(refused(name))}
        >
          {label}
        </Button>
      ))}
      <Menu
        trigger={
          <Button aria-label={t('menu')} className="w-8 px-0!">
            <Ellipsis className="size-4" aria-hidden="true" />
          </Button>
        }
      >
        <WhoCanItem object={object} resource={resource} />
        {rest.map((action, index) => (
          <div key={action.name}>
            {action.danger && index > 0 && <MenuSeparator />}
            <OfferedItem action={action} start={actions.start} refusal={refused(action.name)} />
          </div>
        ))}
      </Menu>
      {actions.dialog}
    </div>
  );
}
