'use client';

import { Button, CopyLine, Dialog } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';

interface ShownOnceProps {
  readonly title: string;
  /** What it is, and that it is not shown again. */
  readonly lead: string;
  readonly text: string;
  readonly copyLabel: string;
  readonly foot?: string | undefined;
  /** What the button says. */
  readonly doneLabel?: string;
  readonly onClose: () => void;
}

/** A secret that the server tells once. */
export function ShownOnce({ title, lead, text, copyLabel, foot, doneLabel, onClose }: ShownOnceProps) {
  const t = useTranslations();
  return (
    <Dialog open onClose={onClose} title={title} closeLabel={t('app.close')}>
      <div className="flex flex-col gap-4 pb-3">
        <p role="status" className="text-sm text-ink-2">
          {lead}
        </p>
        <CopyLine text={text} copyLabel={copyLabel} secret />
        {foot && <p className="text-xs text-ink-3">{foot}</p>}
        <div className="flex justify-end">
          <Button variant="primary" onClick={onClose}>
            {doneLabel ?? t('people.done')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
