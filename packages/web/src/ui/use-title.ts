import { useEffect } from 'react';

/** The tab says which screen it is (WCAG 2.4.2), and again the one before when this one goes. */
export function useTitle(title: string): void {
  useEffect(() => {
    const before = document.title;
    document.title = `${title} · Backcheck`;
    return () => {
      document.title = before;
    };
  }, [title]);
}
