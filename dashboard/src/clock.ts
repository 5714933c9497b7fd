// The present, moving once a second, for the ages on the page.

import { createContext, useContext, useSyncExternalStore } from 'react';

/** An external store of the whole unix second. It ticks while somebody looks at it. */
export class Clock {
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setInterval> | undefined;

  /** `read` gives the present in unix seconds. */
  constructor(private readonly read: () => number) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    this.timer ??= setInterval(() => {
      for (const l of this.listeners) l();
    }, 1000);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) {
        clearInterval(this.timer);
        this.timer = undefined;
      }
    };
  };

  readonly snapshot = (): number => Math.floor(this.read());
}

export const ClockContext = createContext(new Clock(() => Date.now() / 1000));

export function useNow(): number {
  const clock = useContext(ClockContext);
  return useSyncExternalStore(clock.subscribe, clock.snapshot);
}
