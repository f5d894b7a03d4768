import { SignInPage } from '@binnacle/web-features';
import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Sign in · Binnacle' };

export default function SignInRoute() {
  return <SignInPage />;
}
