'use client';

import { Button, CopyLine, Dialog } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';

interface ActionDialogProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly submit: string;
  readonly danger?: boolean;
  readonly wide?: boolean;
  readonly busy: boolean;
  /** Why it cannot be done now. */
  readonly blocked?: string | undefined;
  /** The same as a command, to learn or to script it. */
  readonly command?: string;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** Breaks between words only: a flag in two lines is no longer one. */
function Command({ text }: { text: string }) {
  return (
    <code className="flex min-w-0 flex-1 flex-wrap gap-x-[1ch] font-mono text-xs text-ink-2">
      {text.split(' ').map((word, index) => (
        <span key={index} className="break-all">
          {word}
        </span>
      ))}
    </code>
  );
}

/** Says what will happen, and does it. */
export function ActionDialog(props: ActionDialogProps) {
  const t = useTranslations();
  return (
    <Dialog
      open
      onClose={props.onClose}
      title={props.title}
      description={props.lead}
      closeLabel={t('app.close')}
      wide={props.wide ?? false}
    >
      <form
        id="action"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!props.busy && !props.blocked) props.onSubmit();
        }}
      >
        {props.children}
        {props.command && (
          <div className="flex flex-col gap-1">
            <span className="text-xs text-ink-3">{t('actions.asCommand')}</span>
            <CopyLine text={props.command} copyLabel={t('app.copy')}>
              <Command text={props.command} />
            </CopyLine>
          </div>
        )}
        <div className="-mx-5 mt-2 flex justify-end gap-2 border-t border-line px-5 pt-3 pb-2">
          <Button onClick={props.onClose}>{t('app.cancel')}</Button>
          <Button
            type="submit"
            variant={props.danger ? 'danger' : 'primary'}
            busy={props.busy}
            disabledReason={props.blocked}
          >
            {props.busy ? t('actions.busy') : props.submit}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
