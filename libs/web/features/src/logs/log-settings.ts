'use client';

import { useState } from 'react';

export interface LogSettings {
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly wrap: boolean;
  /** Lines of JSON in their parts. */
  readonly json: boolean;
  /** Only what was written in so many last seconds; 0 for all. */
  readonly since: number;
}

const KEY = 'binnacle.logs';
const DEFAULTS: LogSettings = { follow: true, previous: false, timestamps: false, wrap: true, json: false, since: 0 };

/** What belongs to the question of the moment. */
const FRESH = { previous: false, since: 0 };

function read(): LogSettings {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<LogSettings>), ...FRESH };
  } catch {
    // Written by something else, or storage is off.
    return DEFAULTS;
  }
}

function keep(settings: LogSettings): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(settings));
  } catch {
    // The reader's browser keeps nothing.
  }
}

/** How the reader likes logs, remembered; except what belongs to the question of the moment. */
export function useLogSettings(): [LogSettings, (settings: LogSettings) => void] {
  const [settings, setSettings] = useState(read);
  return [
    settings,
    (next) => {
      setSettings(next);
      keep(next);
    },
  ];
}
