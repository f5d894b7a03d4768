import { InvitationPage } from '@binnacle/web-features';
import type { Metadata } from 'next';

export const metadata: Metadata = { title: 'Invitation · Binnacle' };

export default function InvitationRoute() {
  return <InvitationPage />;
}
