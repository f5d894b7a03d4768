'use client';

import { MenuItem } from '@binnacle/web-ui';
import { type Refusal, refusalProps } from '../rights/use-missing.js';
import { ACTION_ICONS } from './action-icons.js';
import type { ObjectActions } from './use-actions.js';

interface OfferedItemProps {
  readonly action: ObjectActions['offered'][number];
  readonly start: ObjectActions['start'];
  readonly refusal: Refusal | undefined;
}

/** An action of an object in a menu. */
export function OfferedItem({ action: { name, label, danger }, start, refusal }: OfferedItemProps) {
  return (
    <MenuItem
      icon={ACTION_ICONS[name]}
      danger={danger ?? false}
      onSelect={() => start(name)}
      {...refusalProps(refusal)}
    >
      {label}
    </MenuItem>
  );
}
