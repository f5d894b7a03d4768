import type { ReactNode } from 'react';
import { CopyButton } from './copy-button.js';

interface CopyLineProps {
  readonly text: string;
  readonly copyLabel: string;
  /** How it is shown, where that is not the text as it is. */
  readonly children?: ReactNode;
  /** A secret: marked as such, and broken anywhere. */
  readonly secret?: boolean;
}

/** A text to be taken elsewhere: a command, or what is told once. */
export function CopyLine({ text, copyLabel, children, secret = false }: CopyLineProps) {
  const look = secret ? 'break-all' : 'break-words text-ink-2';
  return (
    <div className="flex items-center gap-1 rounded-md bg-sunken py-1 pr-1 pl-2.5">
      {children ?? (
        <code {...(secret && { 'data-secret': '' })} className={`min-w-0 flex-1 font-mono text-xs ${look}`}>
          {text}
        </code>
      )}
      <CopyButton text={text} label={copyLabel} />
    </div>
  );
}
