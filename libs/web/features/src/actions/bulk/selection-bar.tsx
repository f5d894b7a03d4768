'use client';

import { objectKey, type Resource, type UnstructuredObject } from '@binnacle/web-data';
import { Button, IconButton } from '@binnacle/web-ui';
import { RotateCw, Scaling, Tags, Trash2, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { refusalProps } from '../../rights/use-missing.js';
import { abilitiesOf } from '../abilities.js';
import { useRefusedOfMany } from '../use-refused.js';
import { BulkDelete, BulkMark, type BulkProps, BulkRestart, BulkScale } from './bulk-dialogs.js';

type Bulk = 'restart' | 'scale' | 'mark' | 'delete';

const DIALOGS: Readonly<Record<Bulk, (props: BulkProps) => ReactNode>> = {
  restart: BulkRestart,
  scale: BulkScale,
  mark: BulkMark,
  delete: BulkDelete,
};
const ICONS: Readonly<Record<Bulk, ReactNode>> = {
  restart: <RotateCw aria-hidden="true" />,
  scale: <Scaling aria-hidden="true" />,
  mark: <Tags aria-hidden="true" />,
  delete: <Trash2 aria-hidden="true" />,
};

/** What can be done to all of them: what can be done to one of the kind. */
function bulksOf(resource: Resource, object: UnstructuredObject | undefined): readonly Bulk[] {
  if (!object) return [];
  const can = abilitiesOf(resource, object);
  const all: readonly [boolean, Bulk][] = [
    [can.restart, 'restart'],
    [can.scale, 'scale'],
    [can.edit, 'mark'],
    [can.delete, 'delete'],
  ];
  return all.flatMap(([is, name]) => (is ? [name] : []));
}

interface SelectionBarProps {
  readonly resource: Resource;
  readonly title: string;
  readonly items: readonly UnstructuredObject[];
  /** Those that the filter leaves. */
  readonly rows: readonly UnstructuredObject[];
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (keys: ReadonlySet<string>) => void;
}

/** How many are ticked, those the filter hides apart; and the way to all that it leaves. */
function SelectionCount({
  objects,
  rows,
  onSelect,
}: { objects: readonly UnstructuredObject[] } & Pick<SelectionBarProps, 'rows' | 'onSelect'>) {
  const t = useTranslations('list');
  const shown = new Set(rows.map(objectKey));
  const hidden = objects.filter((object) => !shown.has(objectKey(object))).length;
  const isAll = objects.length - hidden === rows.length;
  return (
    <>
      <span role="status" className="tabular text-sm font-medium whitespace-nowrap">
        {t('selected', { count: objects.length })}
        {hidden > 0 && <span className="font-normal text-warn"> · {t('selectedHidden', { count: hidden })}</span>}
      </span>
      {!isAll && (
        <Button variant="ghost" onClick={() => onSelect(new Set([...objects, ...rows].map(objectKey)))}>
          {t('selectShown', { count: rows.length })}
        </Button>
      )}
    </>
  );
}

interface BulkButtonsProps {
  readonly resource: Resource;
  readonly objects: readonly UnstructuredObject[];
  readonly onStart: (name: Bulk) => void;
}

/** What can be done to all of them; what may not be done to one of them is told, and not let. */
function BulkButtons({ resource, objects, onStart }: BulkButtonsProps) {
  const t = useTranslations();
  const bulks = bulksOf(resource, objects[0]);
  const refused = useRefusedOfMany(resource, objects, bulks);
  return bulks.map((name) => (
    <Button
      key={name}
      variant="secondary"
      {...(name === 'delete' && { className: 'text-error' })}
      icon={ICONS[name]}
      onClick={() => onStart(name)}
      {...refusalProps(refused(name))}
    >
      {t(name === 'mark' ? 'bulk.mark' : `actions.${name}`)}
    </Button>
  ));
}

/** What can be done with the ticked rows; floats above the list's end. */
export function SelectionBar({ resource, title, items, rows, selected, onSelect }: SelectionBarProps) {
  const t = useTranslations();
  const [open, setOpen] = useState<Bulk>();
  const objects = selected.size > 0 ? items.filter((item) => selected.has(objectKey(item))) : [];
  if (objects.length === 0 && !open) return null;
  const Dialog = open && DIALOGS[open];
  return (
    <>
      {objects.length > 0 && (
        <div
          role="toolbar"
          aria-label={t('actions.menu')}
          className="enter absolute bottom-4 left-1/2 z-20 flex max-w-[calc(100%-1rem)] -translate-x-1/2 items-center gap-2 overflow-x-auto rounded-lg bg-raised py-1.5 pr-1.5 pl-3.5 shadow-pop"
        >
          <SelectionCount objects={objects} rows={rows} onSelect={onSelect} />
          <BulkButtons resource={resource} objects={objects} onStart={setOpen} />
          <IconButton label={t('list.clearSelection')} onClick={() => onSelect(new Set())}>
            <X aria-hidden="true" />
          </IconButton>
        </div>
      )}
      {Dialog && (
        <Dialog
          resource={resource}
          kinds={title}
          objects={objects}
          onClose={(done, failed) => {
            setOpen(undefined);
            if (done) onSelect(new Set());
            else if (failed.length > 0) onSelect(new Set(failed.map(objectKey)));
          }}
        />
      )}
    </>
  );
}
