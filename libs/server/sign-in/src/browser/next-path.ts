const LONGEST = 1_000;
const HERE = 'https://here.invalid';
/** Nothing of these leads to a page, and some of them change something. */
const NO_PAGES = /^\/(auth|api|apis|graphql|socket\.io|clusters|openapi)(\/|$)/;
/** What browsers read as a slash, or leave out, where a path begins. */
const ODD = /[\\\p{Cc}]/u;

/** Where to go after a sign-in: a page of ours, `/` for anything else. */
export function nextPath(text: string | null | undefined): string {
  if (!text || text.length > LONGEST || !text.startsWith('/') || text.startsWith('//') || ODD.test(text)) return '/';
  if (!URL.canParse(text, HERE)) return '/';
  const url = new URL(text, HERE);
  if (url.origin !== HERE || url.pathname.startsWith('//') || NO_PAGES.test(url.pathname)) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
