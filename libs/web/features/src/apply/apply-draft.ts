import { Store } from '@binnacle/web-data';

/** What is written and not applied yet; it outlives the page, not the tab: it may hold Secrets. */
export const applyDraft = new Store('');

/** A text nobody reads on a page. */
export const MOST_BYTES = 3 * 1024 * 1024;

/** Puts a file's text behind what is there. */
export function appended(text: string, more: string): string {
  if (text.trim() === '') return more;
  return `${text.replace(/\n*$/, '\n')}---\n${more.replace(/^---\s*\n/, '')}`;
}
