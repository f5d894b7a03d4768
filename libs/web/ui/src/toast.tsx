'use client';

import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { StatusGlyph, type Tone } from './status.js';

export interface Toast {
  readonly id: number;
  readonly tone: Tone;
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const SHOWN_MILLISECONDS = 6_000;
const SHOWN_WITH_ACTION_MILLISECONDS = 12_000;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const NONE: readonly Toast[] = [];

function publish(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismissToast(id: number): void {
  publish(toasts.filter((toast) => toast.id !== id));
}

/** Says something once, at the corner; an error stays until it is dismissed. */
export function showToast(toast: Omit<Toast, 'id'>): void {
  const id = nextId++;
  publish([...toasts.slice(-3), { ...toast, id }]);
  const shown = toast.action ? SHOWN_WITH_ACTION_MILLISECONDS : SHOWN_MILLISECONDS;
  if (toast.tone !== 'error') setTimeout(() => dismissToast(id), shown);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts({ closeLabel, regionLabel }: { closeLabel: string; regionLabel: string }) {
  const shown = useSyncExternalStore(
    subscribe,
    () => toasts,
    () => NONE,
  );
  return (
    <div
      role="region"
      aria-live="polite"
      aria-label={regionLabel}
      className="pointer-events-none fixed right-4 bottom-4 z-50 flex w-[min(24rem,calc(100vw-2rem))] flex-col gap-2"
    >
      {shown.map((toast) => (
        <div
          key={toast.id}
          className="enter pointer-events-auto flex items-start gap-2.5 rounded-lg bg-raised p-3 shadow-pop"
        >
          <StatusGlyph tone={toast.tone} className="mt-0.75" />
          <p className="min-w-0 flex-1 text-sm break-words">{toast.text}</p>
          {toast.action && (
            <button
              type="button"
              className="rounded-sm px-1.5 text-sm font-medium text-accent hover:bg-hover"
              onClick={() => {
                dismissToast(toast.id);
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </button>
          )}
          <button
            type="button"
            aria-label={closeLabel}
            className="rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
            onClick={() => dismissToast(toast.id)}
          >
            <X className="size-4" aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
