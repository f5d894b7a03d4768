'use client';

import { Check } from 'lucide-react';
import { DropdownMenu as Radix } from 'radix-ui';
import { cloneElement, type ReactElement, type ReactNode } from 'react';
import { cx } from './class-names.js';

export function Menu({
  trigger,
  children,
  align,
}: {
  trigger: ReactNode;
  children: ReactNode;
  align?: 'start' | 'end';
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align ?? 'end'}
          sideOffset={5}
          collisionPadding={8}
          className="enter z-50 min-w-44 rounded-lg bg-raised p-1 shadow-pop"
          // The row under the menu must not take the click for its own.
          onClick={(event) => event.stopPropagation()}
        >
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

export interface MenuItemProps {
  readonly icon?: ReactNode;
  readonly danger?: boolean;
  readonly checked?: boolean;
  /** Says why the item cannot be chosen. */
  readonly disabledReason?: string | undefined;
  /** What choosing it does while there is such a reason: it tells more of it. Without one it is passed over. */
  readonly onRefused?: (() => void) | undefined;
  readonly onSelect?: () => void;
  /** Where the item leads, so that it may be opened in another tab: an empty link that takes the item's place. */
  readonly link?: ReactElement<{ className?: string; children?: ReactNode }>;
  readonly children: ReactNode;
}

export function MenuItem(props: MenuItemProps) {
  const { icon, danger, checked, disabledReason, onRefused, onSelect, link, children } = props;
  const chosen = disabledReason ? onRefused : onSelect;
  const contents = (
    <>
      {icon && <span className="flex size-4 items-center text-ink-3 [&>svg]:size-4">{icon}</span>}
      <span className="min-w-0 flex-1">
        <span className={disabledReason && 'opacity-60'}>{children}</span>
        {disabledReason && <span className="block max-w-56 text-2xs text-ink-3">{disabledReason}</span>}
      </span>
      {checked && <Check className="size-3.5 text-accent" aria-hidden="true" />}
    </>
  );
  return (
    <Radix.Item
      disabled={Boolean(disabledReason) && !onRefused}
      asChild={link !== undefined}
      {...(chosen && { onSelect: chosen })}
      {...(disabledReason && { 'aria-disabled': true })}
      className={cx(
        'flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 py-1 text-sm outline-none select-none',
        'data-highlighted:bg-hover',
        danger ? 'text-error' : 'text-ink',
      )}
    >
      {link ? cloneElement(link, {}, contents) : contents}
    </Radix.Item>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <Radix.Label className="px-2 pt-1.5 pb-1 text-2xs text-ink-3">{children}</Radix.Label>;
}

export function MenuSeparator() {
  return <Radix.Separator className="mx-1 my-1 h-px bg-line" />;
}
