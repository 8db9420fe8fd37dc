import { useEffect, useRef, useState } from 'react';

/** Server-sent events of one address. They are held back until the user asks for them, so that
 * rows never move while a user reads them. */

export type StreamState = 'connecting' | 'live' | 'paused' | 'unavailable';
/** More rows are not kept: a click on “show” loads the list again. */
export const maxHeld = 200;

export const useStream = <Item extends { id: string }>(
  path: string,
  query: Record<string, string>,
  /** Null: there is no stream for this query. */
  paused: boolean | null,
) => {
  const [held, setHeld] = useState<Item[]>([]);
  const [state, setState] = useState<StreamState>('connecting');
  const address = `${path}?${new URLSearchParams(query).toString()}`;
  const failures = useRef(0);
  useEffect(() => {
    setHeld([]);
    if (paused !== false) return setState(paused ? 'paused' : 'unavailable');
    setState('connecting');
    const source = new EventSource(address);
    const take = ({ data }: MessageEvent<string>): void => {
      const item = JSON.parse(data) as Item;
      setHeld((before) => [item, ...before.filter(({ id }) => id !== item.id)].slice(0, maxHeld + 1));
    };
    source.onopen = () => {
      failures.current = 0;
      setState('live');
    };
    source.onmessage = take;
    for (const name of ['postback', 'delivery']) source.addEventListener(name, take);
    source.onerror = () => {
      failures.current += 1;
      // The browser tries again by itself unless the server refused.
      setState(source.readyState === EventSource.CLOSED ? 'unavailable' : 'connecting');
    };
    return () => source.close();
  }, [address, paused]);
  return { held, state, clear: () => setHeld([]) };
};
