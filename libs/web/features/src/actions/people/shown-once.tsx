'use client';

import { Button, CopyButton, Dialog } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';

interface ShownOnceProps {
  readonly title: string;
  /** What it is, and that it is not shown again. */
  readonly lead: string;
  readonly text: string;
  readonly copyLabel: string;
  readonly foot?: string | undefined;
  readonly onClose: () => void;
}

/** A secret that the server tells once. */
export function ShownOnce({ title, lead, text, copyLabel, foot, onClose }: ShownOnceProps) {
  const t = useTranslations();
  return (
    <Dialog open onClose={onClose} title={title} closeLabel={t('app.close')}>
      <div className="flex flex-col gap-4 pb-3">
        <p role="status" className="text-sm text-ink-2">
          {lead}
        </p>
        <div className="flex items-center gap-1 rounded-md bg-sunken py-1.5 pr-1 pl-2.5">
          <code data-secret="" className="min-w-0 flex-1 font-mono text-xs break-all">
            {text}
          </code>
          <CopyButton text={text} label={copyLabel} />
        </div>
        {foot && <p className="text-xs text-ink-3">{foot}</p>}
        <div className="flex justify-end">
          <Button variant="primary" onClick={onClose}>
            {t('people.done')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
