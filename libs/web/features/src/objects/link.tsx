'use client';

import { isModifiedClick } from '@binnacle/web-ui';
import type { ComponentProps } from 'react';
import { useNavigation } from './navigate.js';

interface LinkProps extends ComponentProps<'a'> {
  readonly href: string;
  /** Takes the place of this page on the way back. */
  readonly replace?: boolean;
}

/** A real link: a plain click stays within the page, any other is the browser's. */
export function Link({ replace = false, onClick, ...rest }: LinkProps) {
  const navigation = useNavigation();
  return (
    <a
      {...rest}
      onClick={(event) => {
        onClick?.(event);
        if (event.defaultPrevented || isModifiedClick(event) || rest.target) return;
        event.preventDefault();
        if (replace) navigation.replace(rest.href);
        else navigation.push(rest.href);
      }}
    />
  );
}
