'use client';

import { type Connection, useConnection, useLiveClient } from '@binnacle/web-data';
import { cx, Tooltip } from '@binnacle/web-ui';
import { Pause, Play } from 'lucide-react';
import { useTranslations } from 'next-intl';

type Sight = 'live' | 'connecting' | 'reconnecting' | 'paused';

function sightOf({ state, paused }: Connection): Sight {
  return state === 'live' ? (paused ? 'paused' : 'live') : state;
}

const DOTS: Readonly<Record<Sight, string>> = {
  live: 'bg-ok',
  connecting: 'bg-idle shimmer',
  reconnecting: 'bg-warn shimmer',
  paused: 'bg-idle',
};

const TEXTS: Readonly<Record<Sight, string>> = {
  live: 'text-ink-2',
  connecting: 'text-ink-3',
  reconnecting: 'text-warn',
  paused: 'text-ink-3',
};

/** Says whether what is shown is current, and holds it still when pressed. */
export function LiveIndicator() {
  const t = useTranslations('live');
  const client = useLiveClient();
  const connection = useConnection();
  const sight = sightOf(connection);
  const toggle = () => client.pause(!connection.paused);
  const hint = t(`${sight}Hint`);
  const Icon = connection.paused ? Play : Pause;
  return (
    <Tooltip text={hint}>
      <button
        type="button"
        onClick={toggle}
        aria-label={`${t(sight)}. ${connection.paused ? t('resume') : t('pause')}`}
        data-live={sight}
        className="group flex h-8 items-center gap-2 rounded-md px-2 text-xs font-medium hover:bg-hover"
      >
        <span className="relative flex size-3.5 items-center justify-center">
          <span className={cx('size-2 rounded-full group-hover:opacity-0', DOTS[sight])} />
          <Icon aria-hidden="true" className="absolute size-3.5 text-ink-2 opacity-0 group-hover:opacity-100" />
        </span>
        <span className={cx('max-sm:sr-only', TEXTS[sight])}>{t(sight)}</span>
      </button>
    </Tooltip>
  );
}
