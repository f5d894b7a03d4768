'use client';

import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import type { ReactNode } from 'react';
import { cx } from './class-names.js';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly closeLabel: string;
  readonly wide?: boolean;
  readonly children?: ReactNode;
  readonly footer?: ReactNode;
}

export function Dialog(props: DialogProps) {
  return (
    <Radix.Root open={props.open} onOpenChange={(open) => !open && props.onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Radix.Content
          {...(!props.description && { 'aria-describedby': undefined })}
          className={cx(
            'enter fixed top-[12vh] left-1/2 z-40 flex max-h-[76vh] w-[calc(100vw-2rem)] -translate-x-1/2 flex-col rounded-lg bg-raised shadow-pop',
            props.wide ? 'max-w-3xl' : 'max-w-md',
          )}
        >
          <header className="flex items-start gap-3 px-5 pt-4 pb-2">
            <div className="min-w-0 flex-1">
              <Radix.Title className="text-lg font-semibold tracking-tight break-words">{props.title}</Radix.Title>
              {props.description && (
                <Radix.Description asChild>
                  <div className="mt-1 text-sm text-ink-2">{props.description}</div>
                </Radix.Description>
              )}
            </div>
            <Radix.Close
              aria-label={props.closeLabel}
              className="-mr-1.5 flex size-7 items-center justify-center rounded-md text-ink-3 hover:bg-hover hover:text-ink"
            >
              <X className="size-4" aria-hidden="true" />
            </Radix.Close>
          </header>
          {props.children && <div className="min-h-0 flex-1 overflow-y-auto px-5 py-2">{props.children}</div>}
          {props.footer && <footer className="flex justify-end gap-2 px-5 pt-2 pb-4">{props.footer}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
