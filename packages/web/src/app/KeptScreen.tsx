import { type ReactNode, useLayoutEffect } from 'react';

interface KeptScreenProps {
  readonly hidden: boolean;
  readonly children: ReactNode;
}

/**
 * A screen as it was left, with what was typed into it, its dialogs and its uploads: nobody sees it while its session
 * has ended, and it is there again when the same account has signed in.
 */
export function KeptScreen({ hidden, children }: KeptScreenProps) {
  useLayoutEffect(() => {
    if (!hidden) return;
    const at = document.activeElement;
    // Dialogs stand beside the page (ui.css).
    document.body.classList.add('session-ended');
    return () => {
      document.body.classList.remove('session-ended');
      if (at instanceof HTMLElement) at.focus();
    };
  }, [hidden]);
  return (
    <div className="kept-screen" hidden={hidden}>
      {children}
    </div>
  );
}
