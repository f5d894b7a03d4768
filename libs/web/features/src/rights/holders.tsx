'use client';

import type { RightHolder } from '@binnacle/web-data';
import { Bot, UserRound, UsersRound } from 'lucide-react';
import type { ReactNode } from 'react';
import { Mono } from '../objects/text.js';

const ICONS: Readonly<Record<string, ReactNode>> = {
  User: <UserRound aria-hidden="true" />,
  Group: <UsersRound aria-hidden="true" />,
  ServiceAccount: <Bot aria-hidden="true" />,
};

/** What a holder is called, a service account with its namespace. */
export const holderName = ({ namespace, name }: RightHolder): string => (namespace ? `${namespace}/${name}` : name);

/** A person, a group or a service account by its sign and name. */
export function Holder({ holder }: { holder: RightHolder }) {
  return (
    <span className="inline-flex min-w-0 items-center gap-1.5">
      <span title={holder.kind} className="shrink-0 text-ink-3 [&>svg]:size-3.5">
        {ICONS[holder.kind]}
        <span className="sr-only">{holder.kind} </span>
      </span>
      <span className="min-w-32 break-all">
        <Mono>{holderName(holder)}</Mono>
      </span>
    </span>
  );
}
