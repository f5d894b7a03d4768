'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { cx } from './class-names.js';

/** Copies `text`; shows for a moment that it did. */
export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  const Icon = copied ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className={cx(
        'inline-flex size-6 items-center justify-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink',
        className,
      )}
      onClick={() => {
        void navigator.clipboard?.writeText(text).then(() => {
          setCopied(true);
          setTimeout(() => setCopied(false), 1_200);
        });
      }}
    >
      <Icon className={cx('size-3.5', copied && 'text-ok')} aria-hidden="true" />
    </button>
  );
}
