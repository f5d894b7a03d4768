'use client';

import { type ReactNode, useState } from 'react';
import { messageOf } from '../use-action.js';

interface Making {
  readonly busy: boolean;
  /** Why it was refused, to be placed in the dialog: what was typed stays beside it. */
  readonly fault: ReactNode;
  readonly make: () => void;
}

/** Does it once at a time, and tells in its place why it was refused. */
export function useMaking(act: () => Promise<void>): Making {
  const [busy, setBusy] = useState(false);
  const [message, setMessage] = useState('');
  const run = async () => {
    setBusy(true);
    setMessage('');
    try {
      await act();
    } catch (error) {
      setMessage(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const fault = message && (
    <p role="alert" className="text-sm break-words text-error">
      {message}
    </p>
  );
  return { busy, fault, make: () => void run() };
}
