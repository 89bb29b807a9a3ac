import { useEffect } from 'react';

/** The tab says which screen it is (WCAG 2.4.2). */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Backcheck`;
  }, [title]);
}
