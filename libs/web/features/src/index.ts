export { Providers } from './app/providers.js';
export { DetailPage } from './detail/detail-page.js';
export { KindsPage } from './generic/kinds-page.js';
export { ListPage } from './list/list-page.js';
export { chooseLocale, LOCALE_COOKIE, type Locale, MESSAGES } from './messages/index.js';
export { OverviewPage } from './overview/overview-page.js';
export { ClusterFrame } from './shell/cluster-frame.js';
export { NotFoundPage } from './shell/not-found-page.js';
export { SignInPage } from './sign-in/sign-in-page.js';
