'use client';

import type { Session } from '@binnacle/web-data';
import { useState } from 'react';
import { ForcedChange } from './forced-change.js';
import { OtherWays, useMethods } from './other-ways.js';
import { SignInForm } from './sign-in-form.js';

interface SignInPanelProps {
  /** Filled in where it is known who was here. */
  readonly user?: string;
  /** Where to be after signing in by another system. */
  readonly next: string;
  readonly onDone: (session: Session) => void;
}

interface Forced {
  readonly session: Session;
  /** Undefined where it was not by a password that one came in: it is asked for. */
  readonly password: string | undefined;
}

/** Every way in: a password, a passkey, another system; and a password of one's own where it was given by another. */
export function SignInPanel({ user, next, onDone }: SignInPanelProps) {
  const [forced, setForced] = useState<Forced>();
  const methods = useMethods();
  const enter = (session: Session, password?: string) => {
    if (session.mustChangePassword) setForced({ session, password });
    else onDone(session);
  };
  if (forced) return <ForcedChange user={forced.session.user} current={forced.password} onDone={onDone} />;
  return (
    <>
      {methods?.password !== false && <SignInForm {...(user !== undefined && { user })} onDone={enter} />}
      <OtherWays next={next} onDone={enter} />
    </>
  );
}
