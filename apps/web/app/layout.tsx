import { cookies } from 'next/headers';
import type { ReactNode } from 'react';
export default async function RootLayout({ children }: { children: ReactNode }) {
  const c = await cookies();
  return <html lang={c.get('l')?.value ?? 'en'}><body>{children}</body></html>;
}
