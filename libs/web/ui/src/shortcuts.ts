'use client';

import { useEffect, useRef } from 'react';

/** Strokes to what they do: `?`, `j`, `g p`, `mod+k` (Ctrl, or Cmd on a Mac). */
export type Shortcuts = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const SEQUENCE_MILLISECONDS = 1_200;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // Into a box that is ticked nobody types.
  const fields = 'input:not([type="checkbox"]), textarea, select, [role="combobox"], [role="textbox"]';
  return target.isContentEditable || target.matches(fields);
}

function isCovered(): boolean {
  return document.querySelector('[role="dialog"][data-state="open"], [role="menu"][data-state="open"]') !== null;
}

export function strokeOf(event: Pick<KeyboardEvent, 'key' | 'metaKey' | 'ctrlKey' | 'altKey'>): string {
  const key = event.key.length === 1 ? event.key : event.key.toLowerCase();
  return event.metaKey || event.ctrlKey ? `mod+${key.toLowerCase()}` : event.altKey ? `alt+${key}` : key;
}

/** No letter: it means the same wherever the focus is. */
const isAlways = (stroke: string): boolean => stroke.startsWith('mod+') || /^f\d+$/.test(stroke);

/**
 * Binds strokes while the component is shown. Plain letters rest while somebody types or a dialog or menu is open; strokes
 * with Ctrl or Cmd and the function keys always work.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => {
    let prefix = '';
    let prefixAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const stroke = strokeOf(event);
      if (!isAlways(stroke) && (isTyping(event.target) || isCovered())) return;
      const sequence = prefix && event.timeStamp - prefixAt < SEQUENCE_MILLISECONDS ? `${prefix} ${stroke}` : stroke;
      prefix = '';
      const run = current.current[sequence] ?? current.current[stroke];
      if (run) {
        event.preventDefault();
        return run(event);
      }
      if (Object.keys(current.current).some((key) => key.startsWith(`${stroke} `))) {
        prefix = stroke;
        prefixAt = event.timeStamp;
      }
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
}
