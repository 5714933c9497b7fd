import { useEffect, useRef, useState } from 'react';
import type { Frame } from './feed';

export type Link = 'connecting' | 'live' | 'stale' | 'lost';

const STALE_AFTER = 45_000;
const PING_EVERY = 20_000;
const LONGEST_PAUSE = 15_000;

/**
 * Keeps a WebSocket to the server open, and hands over its frames. After a loss it connects again, with pauses that grow and
 * a little chance in them, so that not every page comes back in the same moment.
 */
export function useLive(onFrame: (frame: Frame) => void, onOpen: () => void): Link {
  const [link, setLink] = useState<Link>('connecting');
  const handlers = useRef({ onFrame, onOpen });
  useEffect(() => {
    handlers.current = { onFrame, onOpen };
  });
  useEffect(() => {
    let socket: WebSocket | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let pause = 500;
    let heard = Date.now();
    let ended = false;
    const connect = () => {
      const address = new URL('/ws', window.location.href);
      address.protocol = address.protocol === 'https:' ? 'wss:' : 'ws:';
      socket = new WebSocket(address);
      socket.onopen = () => {
        pause = 500;
        heard = Date.now();
        setLink('live');
        handlers.current.onOpen();
      };
      socket.onmessage = (message) => {
        heard = Date.now();
        setLink('live');
        const frame = JSON.parse(String(message.data)) as Partial<Frame>;
        if (frame.type && frame.data) handlers.current.onFrame({ type: frame.type, data: frame.data });
      };
      socket.onclose = () => {
        if (ended) return;
        setLink('lost');
        retry = setTimeout(connect, pause / 2 + Math.random() * pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      };
    };
    connect();
    const ping = setInterval(() => {
      if (socket?.readyState === WebSocket.OPEN) socket.send('{"type":"ping"}');
      if (Date.now() - heard > STALE_AFTER) {
        setLink((l) => (l === 'live' ? 'stale' : l));
        socket?.close();
      }
    }, PING_EVERY);
    return () => {
      ended = true;
      clearInterval(ping);
      clearTimeout(retry);
      socket?.close();
    };
  }, []);
  return link;
}

/** Asks again every few seconds, and at once when poke changes; keeps the last answer while asking fails. */
export function usePolled<T>(
  ask: () => Promise<T>,
  every: number,
  poke: number,
): { data?: T; error?: string } {
  const [state, setState] = useState<{ data?: T; error?: string }>({});
  const asking = useRef(ask);
  useEffect(() => {
    let ended = false;
    const once = () =>
      asking.current().then(
        (data) => !ended && setState({ data }),
        (e: unknown) =>
          !ended && setState((s) => ({ ...s, error: e instanceof Error ? e.message : 'no answer' })),
      );
    void once();
    const timer = setInterval(() => void once(), every);
    return () => {
      ended = true;
      clearInterval(timer);
    };
  }, [every, poke]);
  return state;
}

/** The present time in unix seconds, moving once a second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
