'use client';

import { cx, inputClass } from '@binnacle/web-ui';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import type { LogSettings } from './log-settings.js';

interface SettingsProps {
  readonly settings: LogSettings;
  readonly onChange: (settings: LogSettings) => void;
}

export function Choice(props: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  children: ReactNode;
}) {
  return (
    <label className="flex items-center gap-2 text-sm whitespace-nowrap text-ink-2">
      <span className="max-sm:sr-only">{props.label}</span>
      <select
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        className={cx(inputClass, 'w-auto max-w-48 pr-1')}
      >
        {props.children}
      </select>
    </label>
  );
}

const MINUTE = 60;
const SPANS = [5 * MINUTE, 15 * MINUTE, 60 * MINUTE, 6 * 60 * MINUTE, 24 * 60 * MINUTE];

export function SincePicker({ settings, onChange }: SettingsProps) {
  const t = useTranslations('logs');
  return (
    <Choice
      label={t('since')}
      value={String(settings.since)}
      onChange={(value) => onChange({ ...settings, since: Number(value) })}
    >
      <option value="0">{t('always')}</option>
      {SPANS.map((seconds) => (
        <option key={seconds} value={seconds}>
          {seconds < 3_600 ? t('minutes', { count: seconds / MINUTE }) : t('hours', { count: seconds / 3_600 })}
        </option>
      ))}
    </Choice>
  );
}

export function Switches({ settings, onChange }: SettingsProps) {
  const t = useTranslations('logs');
  return (
    <div className="flex flex-wrap gap-x-3 gap-y-1">
      {(['follow', 'previous', 'timestamps', 'wrap', 'json'] as const).map((name) => (
        <label key={name} className="flex items-center gap-1.5 text-sm whitespace-nowrap text-ink-2">
          <input
            type="checkbox"
            checked={settings[name]}
            onChange={() => onChange({ ...settings, [name]: !settings[name] })}
            className="accent-accent"
          />
          {t(name)}
        </label>
      ))}
    </div>
  );
}
