import type { ReactNode } from 'react';

interface FieldProps {
  /** The id of the control, so that the label belongs to it. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  readonly children: ReactNode;
}

export function Field({ id, label, hint, children }: FieldProps) {
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children}
      {hint === undefined ? null : <p className="hint">{hint}</p>}
    </div>
  );
}
