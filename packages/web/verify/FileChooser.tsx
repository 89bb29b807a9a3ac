import { type DragEvent, useState } from 'react';
import { useSay } from './language.tsx';
import { WORDS } from './words.ts';

interface FileChooserProps {
  readonly take: (files: readonly File[]) => Promise<void>;
}

/** Files may be dropped anywhere on it, or chosen with the keyboard. */
export function FileChooser({ take }: FileChooserProps) {
  const say = useSay();
  const [over, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    void take([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for pointers only; the field inside does the same for all.
    <div
      className="drop"
      data-over={over}
      onDrop={drop}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
    >
      <strong>{say(WORDS.drop)}</strong>
      <label className="choose">
        {say(WORDS.choose)}
        <input
          id="file"
          type="file"
          multiple
          aria-describedby="file-hint"
          onChange={(event) => void take([...(event.target.files ?? [])])}
        />
      </label>
      <span id="file-hint" className="hint">
        {say(WORDS.alsoDrop)}
      </span>
    </div>
  );
}
