'use client';

import { makeKubeconfig } from '@binnacle/web-data';
import { Button, CopyLine, Panel } from '@binnacle/web-ui';
import { Download } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { downloadText } from '../objects/download.js';
import { useFresh } from './use-fresh.js';

/** How kubectl gets in: by a file, or by this browser. */
export function KubectlPanel({ user, cluster }: { user: string; cluster: string }) {
  const t = useTranslations();
  const { run, dialog } = useFresh(user);
  const [busy, setBusy] = useState(false);
  const command = `binnacle login --cluster ${cluster}`;
  const download = async () => {
    setBusy(true);
    await run(async () => downloadText(`kubeconfig-${cluster}.yaml`, (await makeKubeconfig(cluster)).kubeconfig));
    setBusy(false);
  };
  return (
    <Panel title={t('account.kubectl')}>
      <div className="flex flex-col gap-3 text-sm">
        <p className="text-ink-2">{t('account.kubectlLead', { cluster })}</p>
        <Button
          className="self-start"
          icon={<Download aria-hidden="true" />}
          busy={busy}
          onClick={() => void download()}
        >
          {t('account.download')}
        </Button>
        <p className="text-ink-2">{t('account.login')}</p>
        <CopyLine text={command} copyLabel={t('app.copy')} />
      </div>
      {dialog}
    </Panel>
  );
}
