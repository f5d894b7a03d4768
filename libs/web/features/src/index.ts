export { Providers } from './app/providers.js';
export { chooseLocale, LOCALE_COOKIE, type Locale, MESSAGES } from './messages/index.js';
export { ClusterFrame } from './shell/cluster-frame.js';
export { NotFoundPage } from './shell/not-found-page.js';
export { SignInPage } from './sign-in/sign-in-page.js';
export { DevicePage } from './sign-in/device-page.js';
export { InvitationPage } from './sign-in/invitation-page.js';
