'use client';

import { type ApiTarget, commandPath, CommandStream, type CommandWish, type Outcome } from '@binnacle/web-data';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { Screen } from './screen.js';

export type CommandPhase =
  | { readonly name: 'waiting' }
  | { readonly name: 'connecting' }
  | { readonly name: 'open' }
  | { readonly name: 'ended'; readonly outcome: Outcome };

interface CommandWords {
  readonly label: string;
  skipped(bytes: number): string;
  ended(outcome: Outcome): string;
}

interface Command {
  readonly host: RefObject<HTMLDivElement | null>;
  readonly phase: CommandPhase;
  /** The screen is there. */
  readonly ready: boolean;
  again(): void;
  focus(): void;
}

/** A screen for as long as its element is there; what is typed goes to whatever stream there is then. */
function useScreen(words: CommandWords, stream: RefObject<CommandStream | undefined>, again: () => void) {
  const host = useRef<HTMLDivElement>(null);
  const [screen, setScreen] = useState<Screen>();
  const latest = useRef({ words, again });
  useEffect(() => {
    latest.current = { words, again };
  });
  useEffect(() => {
    let made: Screen | undefined;
    let gone = false;
    const events = {
      typed: (text: string) => {
        if (stream.current) stream.current.write(text);
        else if (text === '\r') latest.current.again();
      },
      typedBytes: (text: string) => stream.current?.writeBytes(text),
      resized: (size: Screen['size']) => stream.current?.resize(size),
    };
    const said = { label: words.label, skipped: (bytes: number) => latest.current.words.skipped(bytes) };
    if (!host.current) return;
    void Screen.on(host.current, said, events).then((on) => {
      made = on;
      if (gone) on.dispose();
      else setScreen(on);
    });
    return () => {
      gone = true;
      made?.dispose();
    };
    // The label is the element's from the beginning on.
  }, []);
  return { host, screen, latest };
}

/** Runs a command in a container and shows it; undefined waits. Another wish ends the one before. */
export function useCommand(pod: ApiTarget, wish: CommandWish | undefined, words: CommandWords): Command {
  const [phase, setPhase] = useState<CommandPhase>({ name: 'waiting' });
  const [attempt, setAttempt] = useState(0);
  const stream = useRef<CommandStream>(undefined);
  const again = () => setAttempt((count) => count + 1);
  const { host, screen, latest } = useScreen(words, stream, again);
  const path = wish && commandPath(pod, wish);
  useEffect(() => {
    if (!screen || path === undefined) return setPhase({ name: 'waiting' });
    setPhase({ name: 'connecting' });
    const opened = new CommandStream(path, {
      opened: () => {
        opened.resize(screen.size);
        setPhase({ name: 'open' });
      },
      output: (data) => screen.write(data),
      ended: (outcome) => {
        stream.current = undefined;
        screen.note(latest.current.words.ended(outcome));
        setPhase({ name: 'ended', outcome });
      },
    });
    stream.current = opened;
    return () => {
      stream.current = undefined;
      opened.close();
    };
  }, [screen, path, attempt]);
  return { host, phase, ready: screen !== undefined, again, focus: () => screen?.focus() };
}
