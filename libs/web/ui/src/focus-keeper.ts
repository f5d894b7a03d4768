'use client';

import { useEffect } from 'react';

const FOCUSABLE = [
  'a[href]',
  'button:not([disabled])',
  'input:not([disabled])',
  'select:not([disabled])',
  'textarea:not([disabled])',
  '[contenteditable="true"]',
  '[tabindex]:not([tabindex="-1"])',
].join(', ');
/** So many places are remembered: a menu, the dialog it opened, the one behind it. */
const REMEMBERED = 12;

/** Where the focus was, told so that it can be found again when the element is gone. */
interface Place {
  readonly element: HTMLElement;
  readonly ancestors: readonly HTMLElement[];
  /** Of a table: which row. */
  readonly row: number | undefined;
}

function placeOf(element: HTMLElement): Place {
  const ancestors: HTMLElement[] = [];
  for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) ancestors.push(at);
  const row = element.closest<HTMLElement>('[data-row]')?.dataset.row;
  return { element, ancestors, row: row === undefined ? undefined : Number(row) };
}

const isShown = (element: HTMLElement): boolean => element.isConnected && element.getClientRects().length > 0;

function focused(element: HTMLElement | null | undefined): boolean {
  if (!element || !isShown(element)) return false;
  element.focus({ preventScroll: true });
  return document.activeElement === element;
}

/** The row that has taken the place of one that is gone, or the last one. */
function successorRow({ ancestors, row }: Place): HTMLElement | undefined {
  const table = row === undefined ? undefined : ancestors.find((element) => element.getAttribute('role') === 'table');
  if (!table?.isConnected || row === undefined) return undefined;
  const rows = [...table.querySelectorAll<HTMLElement>('[data-row]')];
  const next = rows.find((candidate) => Number(candidate.dataset.row) >= row) ?? rows.at(-1);
  return next?.querySelector<HTMLElement>('[data-row-link], a, button') ?? table;
}

/** Something else to press next to what is gone: within what held it, but not just anywhere on the page. */
function neighbour({ ancestors }: Place): HTMLElement | undefined {
  const end = ancestors.findIndex((element) => element.tagName === 'MAIN');
  for (const ancestor of ancestors.slice(0, Math.max(end, 0))) {
    const found = ancestor.isConnected
      ? [...ancestor.querySelectorAll<HTMLElement>(FOCUSABLE)].find(isShown)
      : undefined;
    if (found) return found;
  }
  return undefined;
}

const isCovered = (): boolean => document.querySelector('[role="dialog"][data-state="open"]') !== null;

/** Remembers where the focus was, and gives it a place when what had it leaves the page. */
class FocusKeeper {
  private places: Place[] = [];

  readonly remember = ({ target }: FocusEvent): void => {
    if (!(target instanceof HTMLElement) || target === document.body) return;
    const others = this.places.filter(({ element }) => element !== target && element.isConnected);
    this.places = [placeOf(target), ...others].slice(0, REMEMBERED);
  };

  /** The browser gives the focus of what is removed to nobody. */
  readonly keep = (): void => {
    const [lost, ...before] = this.places;
    const isLost = document.activeElement === document.body || document.activeElement === null;
    if (!lost || !isLost || lost.element.isConnected || isCovered()) return;
    const found =
      focused(successorRow(lost)) || focused(neighbour(lost)) || before.some(({ element }) => focused(element));
    if (!found) document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
  };
}

/**
 * Keeps the focus from falling to the page's body when a dialog, menu, row or button that has it goes: it returns to what
 * opened it, or goes to what has taken its place.
 */
export function useFocusKeeper(): void {
  useEffect(() => {
    const keeper = new FocusKeeper();
    const observer = new MutationObserver(keeper.keep);
    document.addEventListener('focusin', keeper.remember);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('focusin', keeper.remember);
      observer.disconnect();
    };
  }, []);
}
