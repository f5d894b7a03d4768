import '@fontsource-variable/inter';
import '@fontsource-variable/jetbrains-mono';
import './globals.css';
import { chooseLocale, LOCALE_COOKIE, Providers } from '@binnacle/web-features';
import { THEME_SCRIPT } from '@binnacle/web-ui/theme';
import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';

export const metadata: Metadata = { title: 'Binnacle', robots: 'noindex' };

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f7f8fa' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1216' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const locale = chooseLocale(jar.get(LOCALE_COOKIE)?.value, head.get('accept-language'));
  return (
    // The theme is the reader's own and set before the first paint, where the server cannot know it.
    <html lang={locale} suppressHydrationWarning>
      <head>
        <script
          nonce={head.get('x-nonce') ?? ''}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }}
        />
      </head>
      <body>
        <Providers locale={locale}>{children}</Providers>
      </body>
    </html>
  );
}
