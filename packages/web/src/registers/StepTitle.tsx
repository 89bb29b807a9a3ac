import type { ReactNode } from 'react';

/** Gets the focus when its step begins. */
export function StepTitle({ children }: { readonly children: ReactNode }) {
  return (
    <h2 id="step-title" tabIndex={-1}>
      {children}
    </h2>
  );
}
