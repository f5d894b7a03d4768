'use client';

import type { Resource, UnstructuredObject } from '@binnacle/web-data';
import { Button, Menu, MenuItem, MenuSeparator } from '@binnacle/web-ui';
import { CircleCheck, Ellipsis } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ACTION_ICONS } from '../actions/action-icons.js';
import { useActions } from '../actions/use-actions.js';

/** The first two actions as buttons, the others in a menu. */
export function DetailActions({ object, resource }: { object: UnstructuredObject; resource: Resource }) {
  const t = useTranslations('actions');
  const actions = useActions(resource, object);
  const buttons = actions.offered.filter(({ danger }) => !danger).slice(0, 2);
  const rest = actions.offered.filter((action) => !buttons.includes(action));
  return (
    <div className="flex items-center gap-2">
      {actions.uncordon && (
        <Button icon={<CircleCheck aria-hidden="true" />} onClick={actions.uncordon}>
          {t('uncordon')}
        </Button>
      )}
      {buttons.map(({ name, label }) => (
        <Button key={name} icon={ACTION_ICONS[name]} onClick={() => actions.start(name)}>
          {label}
        </Button>
      ))}
      {rest.length > 0 && (
        <Menu
          trigger={
            <Button aria-label={t('menu')} className="w-8 px-0!">
              <Ellipsis className="size-4" aria-hidden="true" />
            </Button>
          }
        >
          {rest.map(({ name, label, danger }, index) => (
            <div key={name}>
              {danger && index > 0 && <MenuSeparator />}
              <MenuItem icon={ACTION_ICONS[name]} danger={danger ?? false} onSelect={() => actions.start(name)}>
                {label}
              </MenuItem>
            </div>
          ))}
        </Menu>
      )}
      {actions.dialog}
    </div>
  );
}
