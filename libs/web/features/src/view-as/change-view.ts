import { DEFAULT_CLUSTER } from '@binnacle/machinery-meta';
import { keepViewedAs, pages, type ViewedAs } from '@binnacle/web-data';
import { loadPage } from '../objects/navigate.js';

/**
 * Looks as somebody else, from the next page on, or as oneself again. All of the page is loaded anew, and only where something
 * answers: until then all of it is as it was. Answers whether it is.
 */
export function changeView(as: ViewedAs | undefined, cluster = DEFAULT_CLUSTER): Promise<boolean> {
  return loadPage(() => {
    keepViewedAs(as);
    // What one may see may not be seen by the other: both begin where everybody may.
    window.location.assign(pages.overview(cluster));
  });
}
