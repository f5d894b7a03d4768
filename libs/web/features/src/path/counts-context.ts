'use client';

import { createContext } from 'react';
import type { CountsOf } from './counts.js';

/** What has gone by the boxes of the way that is drawn. */
export const CountsContext = createContext<CountsOf>(() => undefined);
