import type { InputHTMLAttributes } from 'react';

interface FileButtonProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'className'> {
  readonly id: string;
  /** What one chooses. */
  readonly label: string;
  /** Of the chosen file; the browser would say it in its own language. */
  readonly chosen?: string | undefined;
}

/** A file field whose words are ours: the browser's own are in the language of the browser. */
export function FileButton({ label, chosen, ...input }: FileButtonProps) {
  return (
    <span className="file-button">
      <input type="file" {...input} />
      <label htmlFor={input.id} className="button-link">
        {label}
      </label>
      {chosen === undefined ? null : <span className="file-name">{chosen}</span>}
    </span>
  );
}
