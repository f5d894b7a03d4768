'use client';

import { objectRef, type Resource, type UnstructuredObject } from '@binnacle/web-data';
import { Menu, MenuItem, MenuSeparator } from '@binnacle/web-ui';
import { WhoCanItem } from './who-can-item.js';
import { Copy, Ellipsis, FileCode, ScrollText, SquareTerminal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Link } from '../objects/link.js';
import { usePages } from '../objects/use-pages.js';
import { abilitiesOf } from './abilities.js';
import { OfferedItem } from './offered-item.js';
import { type Refusal, refusalProps } from '../rights/use-missing.js';
import { type ObjectActions, useActions } from './use-actions.js';
import { type Refused, useRefused } from './use-refused.js';

interface RowMenuProps {
  readonly object: UnstructuredObject;
  readonly resource: Resource;
  readonly actions: ObjectActions;
}

/** The ways to the other tabs and to a terminal. */
function WayItems({ object, resource, actions, refused }: RowMenuProps & { readonly refused: Refused }) {
  const t = useTranslations();
  const pages = usePages();
  const can = abilitiesOf(resource, object);
  const name = object.metadata.name ?? '';
  return (
    <>
      {can.logs && (
        <MenuItem
          icon={<ScrollText />}
          {...linkOrRefusal(pages.detail(resource, objectRef(object), 'logs'), refused('logs'))}
        >
          {t('actions.viewLogs')}
        </MenuItem>
      )}
      {actions.terminal && (
        <MenuItem icon={<SquareTerminal />} onSelect={actions.terminal} {...refusalProps(refused('terminal'))}>
          {t('actions.terminal')}
        </MenuItem>
      )}
      <MenuItem icon={<FileCode />} link={<Link href={pages.detail(resource, objectRef(object), 'yaml')} />}>
        {can.edit && !refused('edit') ? t('actions.editYaml') : t('detail.yaml')}
      </MenuItem>
      <MenuItem icon={<Copy />} onSelect={() => void navigator.clipboard?.writeText(name)}>
        {t('actions.copyName')}
      </MenuItem>
      <WhoCanItem object={object} resource={resource} />
    </>
  );
}

/** What is not let leads nowhere. */
function linkOrRefusal(href: string, refusal: Refusal | undefined) {
  return refusal ? refusalProps(refusal) : { link: <Link href={href} /> };
}

/** Drawn only while the menu is open: until then nobody asks what may be done to the object. */
function RowMenuItems({ object, resource, actions }: RowMenuProps) {
  const refused = useRefused(resource, object, actions.names);
  return (
    <>
      <WayItems object={object} resource={resource} actions={actions} refused={refused} />
      {actions.offered.length + actions.atOnce.length > 0 && <MenuSeparator />}
      {actions.atOnce.map(({ name, label, icon, run }) => (
        <MenuItem key={name} icon={icon} onSelect={run} {...refusalProps(refused(name))}>
          {label}
        </MenuItem>
      ))}
      {actions.offered.map((action) => (
        <OfferedItem key={action.name} action={action} start={actions.start} refusal={refused(action.name)} />
      ))}
    </>
  );
}

/** The menu at the end of a row. It stays open while the row changes under it. */
export function RowActions({ object, resource }: { object: UnstructuredObject; resource: Resource }) {
  const t = useTranslations('list');
  const actions = useActions(resource, object);
  const trigger = (
    <button
      type="button"
      aria-label={t('rowActions', { name: object.metadata.name ?? '' })}
      className="flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-line hover:text-ink data-[state=open]:bg-line"
    >
      <Ellipsis className="size-4" aria-hidden="true" />
    </button>
  );
  return (
    <>
      <Menu trigger={trigger}>
        <RowMenuItems object={object} resource={resource} actions={actions} />
      </Menu>
      {actions.dialog}
    </>
  );
}
