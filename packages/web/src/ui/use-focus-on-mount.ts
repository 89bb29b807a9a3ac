import { type RefObject, useEffect, useRef } from 'react';

/** For what takes the place of a form that was sent: the keyboard and the screen reader go on from here. */
export function useFocusOnMount<T extends HTMLElement>(): RefObject<T | null> {
  const element = useRef<T>(null);
  useEffect(() => element.current?.focus(), []);
  return element;
}
