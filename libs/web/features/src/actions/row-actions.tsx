'use client';

import { objectRef, type Resource, type UnstructuredObject } from '@binnacle/web-data';
import { Menu, MenuItem, MenuSeparator } from '@binnacle/web-ui';
import { Copy, Ellipsis, FileCode, ScrollText, SquareTerminal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { usePages } from '../objects/use-pages.js';
import { abilitiesOf } from './abilities.js';
import { ACTION_ICONS } from './action-icons.js';
import { useActions } from './use-actions.js';

/** The menu at the end of a row. It stays open while the row changes under it. */
export function RowActions({ object, resource }: { object: UnstructuredObject; resource: Resource }) {
  const t = useTranslations();
  const pages = usePages();
  const actions = useActions(resource, object);
  const can = abilitiesOf(resource, object);
  const name = object.metadata.name ?? '';
  const trigger = (
    <button
      type="button"
      aria-label={t('list.rowActions', { name })}
      className="flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-line hover:text-ink data-[state=open]:bg-line"
    >
      <Ellipsis className="size-4" aria-hidden="true" />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger}>
        {can.logs && (
          <MenuItem icon={<ScrollText />} link={<Link href={pages.detail(resource, objectRef(object), 'logs')} />}>
            {t('actions.viewLogs')}
          </MenuItem>
        )}
        {actions.terminal && (
          <MenuItem icon={<SquareTerminal />} onSelect={actions.terminal}>
            {t('actions.terminal')}
          </MenuItem>
        )}
        <MenuItem icon={<FileCode />} link={<Link href={pages.detail(resource, objectRef(object), 'yaml')} />}>
          {can.edit ? t('actions.editYaml') : t('detail.yaml')}
        </MenuItem>
        <MenuItem icon={<Copy />} onSelect={() => void navigator.clipboard?.writeText(name)}>
          {t('actions.copyName')}
        </MenuItem>
        {actions.offered.length + actions.atOnce.length > 0 && <MenuSeparator />}
        {actions.atOnce.map(({ name: at, label, icon, run }) => (
          <MenuItem key={at} icon={icon} onSelect={run}>
            {label}
          </MenuItem>
        ))}
        {actions.offered.map((action) => (
          <MenuItem
            key={action.name}
            icon={ACTION_ICONS[action.name]}
            danger={action.danger ?? false}
            onSelect={() => actions.start(action.name)}
          >
            {action.label}
          </MenuItem>
        ))}
      </Menu>
      {actions.dialog}
    </>
  );
}
