'use client';

import { useConnection, useLiveClient, useNow } from '@binnacle/web-data';
import { Button, Empty, SkeletonRows } from '@binnacle/web-ui';
import { Unplug } from 'lucide-react';
import { useTranslations } from 'next-intl';

/** So long a line may take to be there. */
const PATIENCE_MILLISECONDS = 6_000;

/** True where nothing will come, because there has been no line to the server for a while. */
function useHasNoLine(): boolean {
  const { state, since } = useConnection();
  const now = useNow();
  return state !== 'live' && now - since > PATIENCE_MILLISECONDS;
}

/** True where no line to the server has ever been there on this page. */
export function useIsCutOff(): boolean {
  const { state } = useConnection();
  return useHasNoLine() && state === 'connecting';
}

/** Grey rows in the shape of what comes; or why it does not come, and the way to try again. */
export function StillLoading({ rows = 8 }: { rows?: number }) {
  const t = useTranslations();
  const client = useLiveClient();
  if (!useHasNoLine()) return <SkeletonRows rows={rows} label={t('app.loading')} />;
  return (
    <div role="status">
      <Empty compact={rows < 6} icon={<Unplug />} title={t('known.cutOff')}>
        {rows > 2 && <p>{t('known.cutOffHint')}</p>}
        <Button className="mt-3" onClick={() => client.retry()}>
          {t('known.tryAgain')}
        </Button>
      </Empty>
    </div>
  );
}
